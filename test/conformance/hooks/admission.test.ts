// Each plugin here breaks one rule of admission. It must fail the check of that rule, and no other
// check.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { VerifyHooksOptions } from '../../../src/conformance/index.ts';
import { hasWideArithmetic } from '../../../src/hooks/features.ts';
import { prepareHooks } from '../../../src/hooks/prepare.ts';
import {
  custom,
  filterWith,
  hookEntry,
  hookModule,
  metadataOf,
  packed,
  schemaSections,
  withSections,
} from '../../hooks/hook-module.ts';
import { moduleOf, section } from '../../support/bytes.ts';
import { fixture } from '../../support/fixture.ts';
import { wat } from '../../support/wat.ts';
import { burn, conformingPlugin, faults, modesWith, unseenChecks } from './plugins.ts';

const admission = suite('conformance of the admission of hook plugins');

const filter = { filter: 'active' } as const;
const conforming = await conformingPlugin(filter);

/** A plugin of `filter` without the fields that the text has. */
const plugin = (text: string): Promise<Uint8Array> => hookModule(filter, text);

/** A conforming plugin with one more section at its end. Of two custom sections the last counts. */
const withSection = (section: number[]): Uint8Array => withSections(conforming, section);

const metadata = (more: object, ofHook: object = {}): number[] =>
  custom('cc_lb.plugin.v1', metadataOf({ filter: hookEntry(ofHook) }, more));

const MEMORY = '(memory (export "memory") 1)';
const ALLOC = '(func (export "cc_lb_alloc") (param i32 i32) (result i32) i32.const 1024)';
const FREE = '(func (export "cc_lb_free") (param i32 i32 i32))';
const FILTER = '(func (export "cc_lb_filter") (param i32 i32) (result i64) i64.const 1)';

/** A plugin with none of the custom sections but these. */
const sectionsOnly = async (...sections: readonly number[][]): Promise<Uint8Array> =>
  withSections(await wat(`(module ${MEMORY} ${ALLOC} ${FREE} ${FILTER})`), ...sections);

type Breaking = readonly [id: string, wasm: Uint8Array | Promise<Uint8Array>, options?: VerifyHooksOptions];

const breaking: readonly Breaking[] = [
  ['inspection.generation', fixture('router/router.wasm')],
  ['inspection.original', prepareHooks(conforming)],
  ['inspection.module', Uint8Array.of(0, 1, 2)],
  ['inspection.imports', plugin(`(import "m" "f" (func)) ${MEMORY} ${ALLOC} ${FREE} ${FILTER}`)],
  ['inspection.export-section', moduleOf(section(7, 1, 1, 0x6d, 9, 0))],
  ['inspection.schema-size', withSection(custom('cc_lb.schema.filter.v1', 'short'))],
  ['inspection.metadata', sectionsOnly(...schemaSections)],
  ['inspection.metadata-json', withSection(custom('cc_lb.plugin.v1', '{'))],
  ['inspection.metadata-rules', withSection(metadata({ usage: ' ' }))],
  ['inspection.modes', withSection(metadata({}, { mode: 'noop' }))],
  ['inspection.hooks', conforming, { slot: 'shape' }],
  ['inspection.exports', plugin('')],
  ['inspection.wire-version', withSection(metadata({}, { wire_version: 2 }))],
  ['inspection.schema', sectionsOnly(metadata({}))],
  ['inspection.fingerprint', withSection(custom('cc_lb.schema.filter.v1', new Uint8Array(32)))],
  ['compile.features', plugin('(func $f (export "cc_lb_filter") (return_call $f))')],
  ['compile.valid', filterWith('')],
  ['compile.limits', conforming, { limits: { functions: 2 } }],
  ['probe.budget', filterWith('(loop $again br $again) i64.const 1')],
  ['probe.instance', plugin(`(func $start unreachable) (start $start) ${FILTER}`)],
  ['probe.exports', plugin('(func (export "cc_lb_filter"))')],
  ['probe.allocation', plugin(`(func (export "cc_lb_alloc") (param i32 i32) (result i32) i32.const 0) ${FILTER}`)],
  ['probe.returns', filterWith('unreachable')],
  ['probe.answer', filterWith('i64.const 0')],
  ['probe.response', filterWith(`i64.const ${packed(4096, 3)}`)],
];

for (const [id, wasm, options] of breaking) {
  admission(`fails on ${id} alone`, async () => {
    assert.equal(faults(await wasm, options), [`fail ${id}`]);
  });
}

admission('fails on compile.engine alone, if the engine lacks wide arithmetic', async () => {
  const wide = '(i64.add128 (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)) drop drop i64.const 0';
  assert.equal(faults(await filterWith(wide)), [hasWideArithmetic() ? 'fail probe.answer' : 'fail compile.engine']);
});

admission('all ways in which the allocator fails are one check', async () => {
  const allocThat = (body: string): Promise<Uint8Array> =>
    plugin(`(func (export "cc_lb_alloc") (param i32 i32) (result i32) ${body}) ${FILTER}`);
  assert.equal(faults(await allocThat('unreachable')), ['fail probe.allocation']);
  assert.equal(faults(await allocThat('i32.const 65535')), ['fail probe.allocation']);
});

admission('an endless start function and an endless allocator fail on probe.budget', async () => {
  const loop = '(loop $again br $again)';
  assert.equal(faults(await plugin(`(func $start ${loop}) (start $start) ${FILTER}`)), ['fail probe.budget']);
  const alloc = `(func (export "cc_lb_alloc") (param i32 i32) (result i32) ${loop} i32.const 0)`;
  assert.equal(faults(await plugin(`${alloc} ${FILTER}`)), ['fail probe.budget']);
});

admission('a probe that burns more than half of its fuel warns', async () => {
  const wasm = await conformingPlugin(filter, { specials: { filter: { probe: burn(1_500_000) } } });
  assert.equal(faults(wasm), ['warn probe.budget']);
});

const advised: readonly Breaking[] = [
  ['advice.sections', withSection(metadata({}))],
  ['advice.free', conformingPlugin(filter, { fields: '(func (export "cc_lb_free"))' })],
  ['advice.memory', conformingPlugin(filter, { pages: 257 })],
  ['advice.table', conformingPlugin(filter, { fields: '(table 100001 funcref)' }), { tableMaxEntries: 200_000 }],
  ['advice.unused-hook', conformingPlugin({ filter: 'active', transform_response: 'noop' })],
  [
    'advice.noop-type',
    conformingPlugin(modesWith('shape'), {
      functions: { transform_response: '(func (export "cc_lb_transform_response"))' },
    }),
  ],
];
for (const [id, wasm, options] of advised) {
  admission(`warns about ${id} alone`, async () => {
    assert.equal(faults(await wasm, options), [`warn ${id}`]);
  });
}

admission('every check of admission has a plugin that fails on it', () => {
  const groups = ['inspection', 'advice', 'compile', 'probe'];
  const unseen = hasWideArithmetic() ? ['compile.engine'] : [];
  assert.equal(
    unseenChecks((group) => groups.includes(group)),
    unseen,
  );
});

admission.run();
