// Prepared files are reported on as their originals are.
import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareHooks } from '../../../src/hooks/prepare.ts';
import { METERING_SECTION } from '../../../src/metering/index.ts';
import { preparePlugin } from '../../../src/plugin/index.ts';
import { canLink } from '../../../src/plugin/link.ts';
import { custom, withSections } from '../../hooks/hook-module.ts';
import { fixture } from '../../support/fixture.ts';
import { documentOf, run } from '../run.ts';

const files = suite('prepared files');

/** A way to prepare a file. */
type Prepare = (wasm: Uint8Array) => Uint8Array;

const linked: Prepare = (wasm) => preparePlugin(wasm, { kernel: 'linked' });
const instance: Prepare = (wasm) => preparePlugin(wasm, { kernel: 'instance' });

if (!canLink()) console.log('skipped: prepared files with the kernel in them: this engine takes no second memory');
const protocolForms: readonly Prepare[] = canLink() ? [linked, instance] : [instance];

/** Plugins of both generations, the forms of each, and the commands. */
const plugins: readonly (readonly [path: string, forms: readonly Prepare[], commands: readonly string[]])[] = [
  ['router/router.wasm', protocolForms, ['admit', 'inspect', 'conformance', 'dispatch FILE filter']],
  ['signer/signer.wasm', protocolForms, ['admit', 'inspect', 'dispatch FILE sign']],
  ['behaviour/sets-error.wasm', protocolForms, ['admit', 'inspect', 'conformance']],
  ['hooks/filter/filter.wasm', [prepareHooks], ['admit', 'inspect', 'conformance', 'dispatch FILE filter']],
  ['hooks/shape/shape.wasm', [prepareHooks], ['admit', 'inspect', 'dispatch FILE transform_response']],
];

/** What differs from run to run, or is of the prepared bytes. */
const masked = ['durationMs', 'bytes', 'sections', 'prepared', 'preparation', 'features', 'value', 'byteOffset'];
const isTime = (key: string): boolean => /(_at|_until|expires|Ms)$/.test(key);

/**
 * A document without that. A memory of a hook plugin without a limit of its own is lent with all
 * the pages that can be addressed.
 */
function comparable(document: unknown): unknown {
  const text = JSON.stringify(document, (key, value: unknown) =>
    masked.includes(key) || isTime(key) || (key === 'maximumPages' && value === 65_536) ? undefined : value,
  );
  return JSON.parse(text.replaceAll('may grow to 65,536 pages', 'may grow without a limit of its own'));
}

for (const [path, forms, commands] of plugins)
  for (const [number, prepare] of forms.entries())
    for (const command of commands)
      files(`${command} of ${path} prepared, form ${number + 1}, says what it says of the original`, async () => {
        const original = await fixture(path);
        const [name = '', , ...more] = command.split(' ');
        const documents: Record<string, unknown>[] = [];
        for (const wasm of [original, prepare(original)]) {
          const result = await run([name, 'x', ...more, '--json'], { files: { x: wasm } });
          assert.is(result.stderr, '');
          documents.push({ code: result.code, ...documentOf(result) });
        }
        assert.equal(comparable(documents[1]), comparable(documents[0]));
        assert.is(documents[1]?.prepared, true);
        if (name !== 'inspect') assert.not('prepared' in (documents[0] ?? {}));
      });

files('the text says that metering is believed, on standard error', async () => {
  const x = instance(await fixture('router/router.wasm'));
  for (const args of [['admit'], ['inspect'], ['conformance'], ['conformance', '--reporter', 'junit']]) {
    const { code, stderr } = await run([args[0] ?? '', 'x', ...args.slice(1)], { files: { x } });
    assert.is(code, 0);
    assert.is(
      stderr.replaceAll(/^(?!note).*$\n?/gm, ''),
      'note: x is prepared: its metering is believed, not checked\n',
    );
  }
});

files('a page has the hash of a prepared file, which a child process verified', async () => {
  const x = instance(await fixture('router/router.wasm'));
  const { stdout } = await run(['conformance', 'x', '--reporter', 'html'], { files: { x } });
  assert.match(stdout, createHash('sha256').update(x).digest('hex'));
});

files('a prepared file may be one of several', async () => {
  const x = await fixture('router/router.wasm');
  const y = instance(x);
  for (const command of ['admit', 'inspect', 'conformance']) {
    const { code, stdout } = await run([command, 'x', 'y', '--json'], { files: { x, y } });
    assert.is(code, 0);
    const { files: entries } = JSON.parse(stdout);
    assert.equal(
      entries.map((entry: { file: string; report: { prepared?: boolean } }) => [
        entry.file,
        entry.report.prepared === true,
      ]),
      [
        ['x', false],
        ['y', true],
      ],
    );
  }
});

files('one that needs two memories is an error where the engine supports one, with what to do', async () => {
  if (canLink()) return console.log('skipped: an engine with one memory: this one supports more');
  const x = linked(await fixture('router/router.wasm'));
  const { code, stderr } = await run(['admit', 'x'], { files: { x } });
  assert.is(code, 2);
  assert.match(
    stderr,
    /: it has two memories, and this engine supports one: prepare the original with --for node20\n$/,
  );
  const inspected = await run(['inspect', 'x'], { files: { x } });
  assert.is(inspected.code, 1);
  assert.match(
    inspected.stdout,
    /\n {2}hint: Inspect the original, or inspect this file on an engine .+ `--for node20`/,
  );
});

files('identity names a prepared file too, and it still runs', async () => {
  const x = instance(await fixture('router/router.wasm'));
  const { written } = await run(['identity', 'x', '--name', 'other', '--version', '2', '-o', 'y'], { files: { x } });
  const y = written.get('y') ?? new Uint8Array();
  assert.match((await run(['admit', 'y'], { files: { y } })).stdout, /^y \(other 2\): admitted\n/);
});

files('one whose sections are broken is an error that says so', async () => {
  const x = withSections(await fixture('router/router.wasm'), custom(METERING_SECTION, '{}'));
  const { code, stderr } = await run(['admit', 'x'], { files: { x } });
  assert.is(code, 2);
  assert.match(stderr, /^note: x is prepared: .*\nerror: .*x/);
});

files('a child process that cannot be started is an error', async () => {
  const x = instance(await fixture('router/router.wasm'));
  const runConfined = async () => ({ kind: 'NoChildProcess', reason: 'no permission' }) as const;
  const { code, stderr } = await run(['admit', 'x'], { files: { x }, runConfined });
  assert.is(code, 2);
  assert.match(stderr, /\nerror: cannot start a child process: no permission\. A prepared plugin is run in one; /);
});

files.run();
