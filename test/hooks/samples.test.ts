import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeArchive } from '../../src/hooks/archive/decode.ts';
import { encodeArchive } from '../../src/hooks/archive/encode.ts';
import { type HookName, hookNames, hooks } from '../../src/hooks/hook.ts';
import { fromBase64 } from '../support/base64.ts';
import { toHex } from '../support/hex.ts';
import { recorded } from './archive/vectors.ts';

const samples = suite('hooks/samples');

interface Probe {
  readonly plugin: string;
  readonly hook: HookName;
  readonly request: string;
  readonly response: string;
}

samples('the probes are those of the published host, and plugins answer with valid archives', async () => {
  // The cast: the project's own file.
  const probes = (await recorded('probes.json')) as readonly Probe[];
  assert.equal([...new Set(probes.map(({ hook }) => hook))], [...hookNames]);
  for (const { plugin, hook: name, request, response } of probes) {
    const hook = hooks.find((each) => each.name === name);
    assert.ok(hook !== undefined);
    assert.is(toHex(encodeArchive(hook.request, hook.sample())), toHex(fromBase64(request)), name);
    // A plugin may leave gaps in its archive.
    assert.type(decodeArchive(hook.response, fromBase64(response)), 'object', plugin);
  }
});

samples.run();
