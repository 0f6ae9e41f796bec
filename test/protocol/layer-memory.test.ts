// The memory that handshake and self-check allow a plugin. The protocol has no limit, and plugins
// of published PDKs use what they need.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AdmitOptions, admit } from '../../src/protocol/admit.ts';
import { type Guest, guest, identityPayload } from '../support/guest-wat.ts';

const memory = suite('memory in handshake and self-check');

const accept = JSON.stringify({
  handshake_schema_version: 1,
  envelope_version: 1,
  chosen_versions: { observe: 1 },
  plugin_supported: { observe: [1] },
  implemented_functions: ['observe'],
  required_capabilities: [],
});
const success = '{"status":"success","failures":[],"completed_at":5}';

/**
 * A plugin that does something before it answers. Its two answers are at the beginning of its
 * memory, one after the other.
 */
async function plugin(code: string, changes: Partial<Guest> = {}): Promise<Uint8Array> {
  const at = [0, accept.length] as const;
  const answering = (index: 0 | 1, text: string) => ({
    code: `(result i32) ${code} (call $answer (i32.const ${at[index]}) (i32.const ${text.length}))`,
  });
  return await guest({
    identities: [identityPayload()],
    ...changes,
    exports: {
      accept,
      success,
      cc_lb_handshake: answering(0, accept),
      cc_lb_self_check: answering(1, success),
      observe: '{"_v":1}',
    },
  });
}

/** The layers of an admission that failed, with kind and message. */
function faults(wasm: Uint8Array, options: AdmitOptions = {}): string[] {
  const { layers } = admit(wasm, options);
  return layers.flatMap(({ layer, error }) =>
    error === undefined ? [] : [`${layer} ${error.kind}: ${error.message}`],
  );
}

const admitted: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  '33 pages at first': () => plugin('', { pages: 32 }),
  '256 pages at first': () => plugin('', { pages: 255 }),
  '1,024 pages at first': () => plugin('', { pages: 1_023 }),
  'growth by 100 pages': () => plugin('(if (i32.eq (memory.grow (i32.const 100)) (i32.const -1)) (then unreachable))'),
  'growth by 1,000 pages, and a kernel that has room': () =>
    plugin('(if (i32.eq (memory.grow (i32.const 1000)) (i32.const -1)) (then unreachable))'),
  '4 MiB from the kernel': () => plugin('(if (i64.eqz (call $alloc (i64.const 4194304))) (then unreachable))'),
  'a table of 200,000 entries': () => plugin('', { fields: '(table 200000 funcref)' }),
  'a table that grows by 200,000 entries': () =>
    plugin('(if (i32.eq (table.grow (ref.null func) (i32.const 200000)) (i32.const -1)) (then unreachable))', {
      fields: '(table 1 funcref)',
    }),
};
for (const [what, make] of Object.entries(admitted)) {
  memory(`${what}: admitted`, async () => {
    assert.equal(faults(await make()), []);
  });
}

const oom = 'Call: cc_lb_handshake ran out of memory: ';
const refused: Readonly<Record<string, readonly [() => Promise<Uint8Array>, string]>> = {
  '1,025 pages at first': [
    () => plugin('', { pages: 1_024 }),
    'Instantiate: the plugin could not be built: oom: the module initially has 1025 pages of memory, at ' +
      'most 1024 are allowed (option initialMemoryMaxPages)',
  ],
  'growth by 1,025 pages': [
    () => plugin('(drop (memory.grow (i32.const 1025)))'),
    `${oom}1,025 of 1,024 pages of growth`,
  ],
  '70 MB from the kernel': [
    () => plugin('(drop (call $alloc (i64.const 70000000)))'),
    `${oom}1,088 of 1,024 pages of growth`,
  ],
  'a table of 1,000,001 entries': [
    () => plugin('', { fields: '(table 1000001 funcref)' }),
    'Instantiate: the plugin could not be built: oom: the module initially has 1000001 table entries, at ' +
      'most 1000000 are allowed (option tableMaxEntries)',
  ],
  'a table that grows beyond that': [
    () => plugin('(drop (table.grow (ref.null func) (i32.const 1000000)))', { fields: '(table 1 funcref)' }),
    `${oom}1,000,001 of 1,000,000 table entries`,
  ],
};
for (const [what, [make, fault]] of Object.entries(refused)) {
  memory(`${what}: refused`, async () => {
    assert.equal(faults(await make()), [`handshake ${fault}`]);
  });
}

memory('is a budget of each layer, which the host may change', async () => {
  const wasm = await plugin('(drop (memory.grow (i32.const 3)))', { pages: 4, fields: '(table 5 funcref)' });
  assert.equal(faults(wasm), []);
  const least = { memoryMaxPages: 3, initialMemoryMaxPages: 5, tableMaxEntries: 5 };
  assert.equal(faults(wasm, { handshake: least, selfCheck: least }), []);
  for (const name of ['memoryMaxPages', 'initialMemoryMaxPages', 'tableMaxEntries'] as const) {
    const less = { ...least, [name]: least[name] - 1 };
    assert.match(faults(wasm, { handshake: less }).join(), /^handshake .*(?:oom|out of memory: \d+ of \d+ )/);
    assert.match(faults(wasm, { selfCheck: less }).join(), /^self_check .*(?:oom|out of memory: \d+ of \d+ )/);
    assert.throws(
      () => admit(wasm, { handshake: { [name]: -1 } }),
      new RegExp(`^options\\.handshake\\.${name} must be a number`),
    );
  }
});

memory.run();
