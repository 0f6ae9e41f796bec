import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type HookName, hookNames } from '../../src/hooks/hook.ts';
import { inspectHooks } from '../../src/hooks/inspect.ts';
import { HookInspectError, type HookInspectFailure } from '../../src/hooks/inspect-error.ts';
import type { HookWarning } from '../../src/hooks/inspect-warnings.ts';
import { fromBase64 } from '../support/base64.ts';
import { moduleOf, name as nameBytes, section } from '../support/bytes.ts';
import { failureOf, thrownBy, unlessThrown } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { wat } from '../support/wat.ts';
import { recordedAdmissions } from './hook-fixture.ts';
import { custom, hookEntry, metadataOf, schemaSections, withSections } from './hook-module.ts';

const inspect = suite('hooks/inspect');

/** A module without custom sections: it exports all that a plugin of all hooks has. */
const body = await wat(`(module
  (memory (export "memory") 1)
  (func (export "cc_lb_alloc") (param i32 i32) (result i32) i32.const 16)
  (func (export "cc_lb_free") (param i32 i32 i32))
  (func $hook (param i32 i32) (result i64) i64.const 0)
  (export "cc_lb_filter" (func $hook)) (export "cc_lb_shape" (func $hook))
  (export "cc_lb_transform_response" (func $hook)) (export "cc_lb_transform_sse_event" (func $hook)))`);

/** A plugin with these hooks and the sections of all hooks. */
function plugin(declared: Readonly<Record<string, object>>, ...more: readonly number[][]): Uint8Array {
  return withSections(body, ...schemaSections, custom('cc_lb.plugin.v1', metadataOf(declared)), ...more);
}

const filter = { filter: hookEntry() };
const shape = {
  shape: hookEntry(),
  transform_response: hookEntry({ mode: 'noop' }),
  transform_sse_event: hookEntry({ mode: 'noop' }),
};

const failure = (bytes: Uint8Array, slot?: HookName): HookInspectFailure =>
  failureOf(HookInspectError, () => inspectHooks(bytes, slot));
const warnings = (bytes: Uint8Array, slot?: HookName): readonly HookWarning[] =>
  inspectHooks(bytes, slot).warnings.filter(({ kind }) => kind !== 'UnprotectedTypes');

inspect('the verdicts are those of the published host', async () => {
  const cases = await recordedAdmissions();
  assert.is(cases.length, 49);
  const verdict = (bytes: Uint8Array, slot?: HookName): string =>
    unlessThrown(HookInspectError, () => inspectHooks(bytes, slot)) === undefined ? 'ModuleRejected' : 'ok';
  for (const each of cases) {
    const bytes = fromBase64(each.wasm);
    assert.is(verdict(bytes, each.slot), each.inspect, each.case);
    assert.is(verdict(bytes), each.agnostic, `${each.case}, without a slot`);
  }
});

inspect('a plugin has its metadata, and the fingerprint of each declared hook', () => {
  const { metadata, hooks: found } = inspectHooks(plugin({ ...shape, ...filter }), 'shape');
  assert.equal([metadata.name, metadata.version, Object.keys(metadata.hooks)], ['n', 'v', [...hookNames]]);
  assert.equal(
    found.map(({ name, mode, wireVersion }) => [name, mode, wireVersion]),
    [
      ['filter', 'active', 1],
      ['shape', 'active', 1],
      ['transform_response', 'noop', 1],
      ['transform_sse_event', 'noop', 1],
    ],
  );
  assert.is(found[0]?.fingerprint, 'f20f669542349c002acd04b2308ff0d83899bf0cb5a17b818c1d938adda52834');
});

inspect('the faults of the bytes are reported as the walk gets there', () => {
  const imports = section(2, 1, ...nameBytes('m'), ...nameBytes('f'), 0, 0);
  const short = custom('cc_lb.schema.anything', 'short');
  const exports = section(7, 1, ...nameBytes('m'), 9, 0);
  assert.equal(failure(moduleOf(imports, short)), {
    kind: 'ImportsPresent',
    offset: 8,
    count: 1,
    first: { module: 'm', name: 'f' },
  });
  assert.equal(failure(moduleOf(short, imports)), {
    kind: 'SchemaSectionSize',
    offset: 32,
    section: 'cc_lb.schema.anything',
    size: 5,
  });
  assert.is(failure(moduleOf(exports, short)).kind, 'MalformedExport');
  assert.is(failure(moduleOf(section(7, 0, 0))).kind, 'MalformedExport');
  assert.is(failure(moduleOf(section(2, 0, 0))).kind, 'ImportsPresent');
  assert.is(failure(moduleOf(section(2, 0))).kind, 'MissingMetadata');
  assert.is(failure(Uint8Array.from([...moduleOf(), 0])).kind, 'WasmParseError');
});

inspect('metadata of more than a mebibyte are refused', () => {
  const sized = (size: number): Uint8Array => {
    const payload = metadataOf(filter);
    return withSections(
      body,
      ...schemaSections,
      custom('cc_lb.plugin.v1', payload + ' '.repeat(size - payload.length)),
    );
  };
  const max = 1_048_576;
  assert.is(inspectHooks(sized(max)).metadata.name, 'n');
  const found = failure(sized(max + 1));
  assert.is(found.kind, 'MetadataTooLarge');
  assert.equal(found.kind === 'MetadataTooLarge' && [found.size, found.max], [max + 1, max]);
});

inspect('metadata are read as serde does', () => {
  const read = (payload: string): unknown =>
    inspectHooks(withSections(body, ...schemaSections, custom('cc_lb.plugin.v1', payload)));
  read('["n","v","d","u",{"filter":[1,"d","u","active"]}]');
  read(metadataOf({ filter: { ...hookEntry(), mode: { active: null }, more: [1] } }, { other: { '': [] } }));
  const kinds = (payload: string): unknown => {
    const found = failureOf(HookInspectError, () => read(payload));
    return found.kind === 'InvalidMetadata' ? found.violation : found.kind;
  };
  assert.equal(kinds(metadataOf(filter, { name: ' \u0085\u2003' })), { kind: 'MissingName' });
  assert.equal(kinds(metadataOf(filter, { version: '' })), { kind: 'MissingVersion' });
  assert.equal(kinds(metadataOf(filter, { description: '\t' })), { kind: 'MissingDescription' });
  assert.equal(kinds(metadataOf(filter, { usage: '\u00a0' })), { kind: 'MissingUsage' });
  assert.equal(kinds(metadataOf({})), { kind: 'NoHooksDeclared' });
  assert.equal(kinds('["n","v","d","u"]'), { kind: 'NoHooksDeclared' });
  assert.equal(kinds(metadataOf({ observe: hookEntry() })), { kind: 'UnknownHook', hook: 'observe' });
  // By their UTF-8, not as numbers.
  assert.equal(kinds(metadataOf({ 9: hookEntry(), 10: hookEntry() })), { kind: 'UnknownHook', hook: '10' });
  assert.equal(kinds(metadataOf({ filter: { ...hookEntry(), description: '' } })), {
    kind: 'HookMissingDescription',
    hook: 'filter',
  });
  assert.equal(kinds(metadataOf({ filter: { ...hookEntry(), usage: '' } })), {
    kind: 'HookMissingUsage',
    hook: 'filter',
  });
  assert.is(kinds(metadataOf(filter, { hooks: null })), 'MalformedMetadata');
  assert.is(kinds(metadataOf({ filter: { ...hookEntry(), wire_version: 256 } })), 'MalformedMetadata');
  // A byte order mark is text, and not white space as Rust has it.
  read(metadataOf(filter, { name: '\ufeff' }));
});

inspect('a fault of the metadata has its offset in the module', () => {
  const found = failure(moduleOf(custom('cc_lb.plugin.v1', '{"name":1}')));
  assert.equal(found.kind === 'MalformedMetadata' && [found.offset, found.path], [8 + 2 + 16 + 8, '$.name']);
});

inspect('a missing field of the metadata is named with the ignored one that is near it', () => {
  const payloadOf = (text: string): HookInspectFailure => failure(moduleOf(custom('cc_lb.plugin.v1', text)));
  const hook = '{"wire_version":1,"description":"d","usge":"u","mode":"active"}';
  const start = '{"Usage":"u","name":"n","version":"v","description":"d",';
  const table: readonly (readonly [payload: string, misspelt: string | undefined, reason: string])[] = [
    [`${start}"x":1}`, 'Usage', 'missing field `usage` in `$`; is `Usage` a misspelling of it? (byte 0)'],
    // The ignored fields of other objects do not count.
    [`${start}"usage":"u","hooks":{"filter":${hook}}}`, 'usge', ''],
    [`${start}"usage":"u","hooks":{"filter":${hook.replace('usge', '\\u0075sge')}}}`, 'usge', ''],
    [`${start}"usage":"u","hooks":{"filter":${hook.replace('"usge":"u",', '')}}}`, undefined, ''],
  ];
  for (const [payload, misspelt, reason] of table) {
    const found = payloadOf(payload);
    if (found.kind !== 'MalformedMetadata') throw new Error(found.kind);
    const { fault } = found;
    assert.equal([fault.kind, 'misspelt' in fault ? fault.misspelt : undefined], ['MissingField', misspelt]);
    assert.ok(found.reason.startsWith(reason), found.reason);
    assert.is(found.path, reason === '' ? '$.hooks.filter.usage' : '$.usage');
  }
});

inspect('a missing hook is named with the slot that needs it, and what to do', () => {
  const message = (declared: Readonly<Record<string, object>>, slot?: HookName): string =>
    String(thrownBy(() => inspectHooks(plugin(declared), slot)));
  assert.match(message(filter, 'shape'), 'the hook shape, so the plugin cannot serve the slot shape');
  assert.match(message({ shape: hookEntry() }), /hook transform_response, which the slot shape needs: .* mode noop/);
});

inspect('the slot decides which hooks must be declared', () => {
  const kinds = (bytes: Uint8Array, slot?: HookName): unknown => {
    const thrown = unlessThrown(HookInspectError, () => inspectHooks(bytes, slot));
    if (thrown !== undefined) return 'ok';
    const { kind, ...rest } = failure(bytes, slot);
    return [kind, ...Object.values(rest)];
  };
  assert.equal(kinds(plugin(filter), 'filter'), 'ok');
  assert.equal(kinds(plugin(filter), 'shape'), ['MissingHook', 'shape']);
  assert.equal(kinds(plugin(shape), 'filter'), ['MissingHook', 'filter']);
  assert.equal(kinds(plugin({ ...shape, ...filter }), 'filter'), 'ok');
  assert.equal(kinds(plugin({ shape: hookEntry(), transform_response: hookEntry() })), [
    'MissingHook',
    'transform_sse_event',
  ]);
  assert.equal(kinds(plugin({ ...filter, transform_sse_event: hookEntry() })), ['MissingShape', 'transform_sse_event']);
  assert.equal(kinds(plugin(shape), 'transform_response'), ['SlotNotAllowed', 'transform_response']);
  assert.equal(kinds(plugin({ filter: hookEntry({ mode: 'noop' }) })), ['NoopNotAllowed', 'filter']);
  assert.equal(kinds(plugin({ ...shape, shape: hookEntry({ mode: 'noop' }) })), ['NoopNotAllowed', 'shape']);
  assert.equal(kinds(plugin({ filter: hookEntry({ wire_version: 2 }) })), ['UnknownWireVersion', 'filter', 2]);
});

inspect('exports of another kind do not count, and those of hooks are checked by name', async () => {
  const sections = [...schemaSections, custom('cc_lb.plugin.v1', metadataOf(filter))];
  const exporting = async (text: string): Promise<HookInspectFailure> =>
    failure(withSections(await wat(`(module ${text})`), ...sections));
  const memory = '(memory (export "memory") 1)';
  const alloc = '(func (export "cc_lb_alloc"))';
  const free = '(func (export "cc_lb_free"))';
  assert.equal(await exporting('(func (export "memory"))'), missing('memory', 'memory'));
  assert.equal(await exporting(`${memory} (global (export "cc_lb_alloc") i32 (i32.const 0))`), missing('cc_lb_alloc'));
  assert.equal(await exporting(`${memory} ${alloc}`), missing('cc_lb_free'));
  assert.equal(await exporting(`${memory} ${alloc} ${free}`), { ...missing('cc_lb_filter'), hook: 'filter' });
});

function missing(name: string, type: 'memory' | 'function' = 'function'): HookInspectFailure {
  return { kind: 'MissingExport', name, type, hook: null };
}

inspect('of sections of one name the last counts, with a warning', () => {
  const wrong = custom('cc_lb.schema.filter.v1', new Uint8Array(32));
  const right = schemaSections[0] ?? [];
  const { kind } = failure(plugin(filter, wrong));
  assert.is(kind, 'FingerprintMismatch');
  assert.equal(warnings(plugin(filter, wrong, right)), [
    { kind: 'RepeatedSection', section: 'cc_lb.schema.filter.v1', count: 3 },
  ]);
});

inspect('warnings tell of what fails later', async () => {
  assert.equal(warnings(plugin({ ...filter, transform_response: hookEntry() }), 'filter'), [
    { kind: 'UnusedHook', hook: 'transform_response' },
  ]);
  const large = await wat(`(module (memory (export "memory") 257) (table 100001 funcref)
    (func (export "cc_lb_alloc")) (func $none (export "cc_lb_free")) (export "cc_lb_shape" (func $none))
    (export "cc_lb_transform_response" (func $none)) (export "cc_lb_transform_sse_event" (func $none)))`);
  const sections = [...schemaSections, custom('cc_lb.plugin.v1', metadataOf(shape))];
  assert.equal(warnings(withSections(large, ...sections)), [
    { kind: 'MistypedFree' },
    { kind: 'MistypedHook', hook: 'transform_response' },
    { kind: 'MistypedHook', hook: 'transform_sse_event' },
    { kind: 'LargeMemory', pages: 257 },
    { kind: 'LargeTable', entries: 100001 },
  ]);
  assert.equal(inspectHooks(plugin(filter)).warnings, [
    {
      kind: 'UnprotectedTypes',
      hook: 'filter',
      types: [
        'CachePricingSummary',
        'Claim',
        'FilterResponse',
        'Header',
        'PerCandidateReason',
        'Principal',
        'UpstreamCandidate',
      ],
    },
  ]);
});

inspect('the message for a plugin of the older protocol names the function that takes it', async () => {
  const thrown = thrownBy(() => inspectHooks(plugin(filter).slice(0, 4)));
  assert.ok(thrown instanceof HookInspectError && thrown.failure.kind === 'WasmParseError');
  const both = await wat('(module (func (export "cc_lb_handshake")) (func (export "cc_lb_alloc")))');
  assert.equal(failure(both), { kind: 'MissingMetadata' });
  const router = await fixture('router/router.wasm');
  assert.equal(failure(router), { kind: 'OtherGeneration' });
  assert.match(String(thrownBy(() => inspectHooks(router))), /Give it to `admit`/);
});

inspect('what is not bytes, or not a slot, is a mistake of the host', () => {
  // The casts: what a caller without a type checker can pass.
  assert.throws(() => inspectHooks('x' as unknown as Uint8Array), /wasm must be .* a string was given/);
  assert.throws(
    () => inspectHooks(plugin(filter), 'observe' as unknown as HookName),
    /slot must be one of filter, shape/,
  );
});

inspect.run();
