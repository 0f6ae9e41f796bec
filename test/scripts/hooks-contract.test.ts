// abi/hooks.json and abi/HOOKS.md against what the published crate says, and against this host.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeArchive } from '../../src/hooks/archive/encode.ts';
import type { ArchiveType } from '../../src/hooks/archive/type.ts';
import { HookCallError, type HookCallFailure } from '../../src/hooks/call-error.ts';
import { type HookName, hookNames } from '../../src/hooks/hook.ts';
import { inspectHooks } from '../../src/hooks/inspect.ts';
import { HookInspectError } from '../../src/hooks/inspect-error.ts';
import { decodeArchiveJson } from '../../src/hooks/json-form.ts';
import { FilterResponse } from '../../src/hooks/messages/filter.ts';
import { TransformResponseResult } from '../../src/hooks/messages/shape.ts';
import { recorded } from '../hooks/archive/vectors.ts';
import { hookModule } from '../hooks/hook-module.ts';
import { failureOf } from '../support/failure.ts';
import { fromHex, toHex } from '../support/hex.ts';

const contract = suite('the contract of the hook ABI');

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

type TypeName = string | { readonly option: TypeName } | { readonly list: TypeName };
interface Field {
  readonly name: string;
  readonly type: TypeName;
  readonly offset: number;
}
interface NamedType {
  readonly name: string;
  readonly size: number;
  readonly align: number;
  readonly fields?: readonly Field[];
  readonly variants?: readonly { readonly name: string; readonly tag: number; readonly fields: readonly Field[] }[];
  readonly descriptor: string;
  readonly fingerprint: string;
}
interface Contract {
  readonly slots: Readonly<Record<'filter' | 'shape', readonly HookName[]>>;
  readonly hooks: readonly {
    readonly name: HookName;
    readonly export: string;
    readonly schema_section: string;
    readonly modes: readonly string[];
    readonly request: string;
    readonly response: string;
    readonly fingerprint: string;
    readonly probe_base64: string;
  }[];
  readonly types: readonly NamedType[];
  readonly refused_features: readonly { readonly name: string; readonly meaning: string }[];
  readonly limits: {
    readonly call: { readonly fuel: number; readonly wall_ms: number };
    readonly probe: { readonly fuel: number; readonly wall_ms: number };
    readonly memory_max_pages: number;
    readonly table_max_entries: number;
    readonly stack_slots: number;
  };
}

// The casts in this file: the project's own files.
const { slots, hooks, types, refused_features, limits } = JSON.parse(read('abi/hooks.json')) as Contract;
/** The document, without the anchors of its rules. */
const document = read('abi/HOOKS.md').replace(/<a id="[^"]*">.*?<\/a> /g, '');

/** The part of abi/HOOKS.md under a heading, with the headings below it. */
function partUnder(heading: string): string {
  const level = heading.indexOf(' ');
  const [, after] = document.split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`abi/HOOKS.md has no heading ${heading}`);
  return after.split(new RegExp(`^#{1,${level}} `, 'm'), 1).join();
}

/** The rows of tables whose first cell is code. */
function rowsUnder(heading: string): readonly string[] {
  return partUnder(heading)
    .split('\n')
    .filter((line) => line.startsWith('| `'));
}

contract('hooks.json has the layouts of the published crate', async () => {
  const layouts = (await recorded('layouts.json')) as readonly {
    readonly type: string;
    readonly size: number;
    readonly align: number;
    readonly fields?: Readonly<Record<string, number>>;
  }[];
  assert.equal(types.map(({ name }) => name).sort(), layouts.map(({ type }) => type).sort());
  for (const { type, size, align, fields } of layouts) {
    const found = types.find(({ name }) => name === type);
    const offsets = Object.fromEntries((found?.fields ?? []).map(({ name, offset }) => [name, offset]));
    assert.equal([found?.size, found?.align, offsets], [size, align, fields ?? {}], type);
  }
});

contract('hooks.json has the fingerprints of the published crate, except of three types', async () => {
  const known = (await recorded('fingerprints.json')) as readonly {
    readonly type: string;
    readonly descriptor: string;
    readonly fingerprint: string;
  }[];
  const others = types.filter(
    ({ descriptor, fingerprint }) =>
      !known.some((each) => each.descriptor === descriptor && each.fingerprint === fingerprint),
  );
  // abi/HOOKS.md, "Descriptors", says why.
  assert.equal(others.map(({ name }) => name).sort(), [
    'CachePricingSummary',
    'TransformResponseResult',
    'UpstreamCandidate',
  ]);
  for (const { name, request, fingerprint } of hooks)
    assert.is(fingerprint, known.find(({ type }) => type === request)?.fingerprint, name);
});

contract('hooks.json has the probes of the published host', async () => {
  const probes = (await recorded('probes.json')) as readonly { readonly hook: HookName; readonly request: string }[];
  for (const { name, probe_base64 } of hooks)
    assert.is(probe_base64, probes.find(({ hook }) => hook === name)?.request, name);
});

const functions = hookNames.map((name) => `(func (export "cc_lb_${name}") (param i32 i32) (result i64) i64.const 0)`);
const declaring = (names: readonly HookName[], noop?: HookName): Promise<Uint8Array> =>
  hookModule(Object.fromEntries(names.map((name) => [name, name === noop ? 'noop' : 'active'])), functions.join('\n'));

contract('the slots of hooks.json need their hooks, and all of them', async () => {
  for (const slot of ['filter', 'shape'] as const) {
    assert.is(inspectHooks(await declaring(slots[slot]), slot).hooks.length, slots[slot].length);
    for (const missing of slots[slot]) {
      // A plugin has at least one hook.
      const names = hookNames.filter((name) => name !== missing);
      const wasm = await declaring(names);
      const failure = failureOf(HookInspectError, () => inspectHooks(wasm, slot));
      assert.equal(failure, { kind: 'MissingHook', hook: missing });
    }
  }
});

contract('the modes of hooks.json are those that inspection accepts', async () => {
  for (const { name, modes } of hooks) {
    const wasm = await declaring(hookNames, name);
    const inspect = (): unknown => inspectHooks(wasm, 'shape');
    if (modes.includes('noop')) assert.type(inspect(), 'object', name);
    else assert.equal(failureOf(HookInspectError, inspect), { kind: 'NoopNotAllowed', hook: name });
  }
});

/** A type as abi/HOOKS.md writes it. */
function written(type: TypeName): string {
  if (typeof type === 'string') return type;
  return 'option' in type ? `${written(type.option)}?` : `[${written(type.list)}]`;
}

const fieldsText = (fields: readonly Field[]): string =>
  fields.map(({ name, type, offset }) => `\`${name}\`: ${written(type)} @${offset}`).join(', ');

/** The head of the table of a struct. */
const HEAD = '| @ | field | type |\n|---|---|---|\n';

contract('the tables of layouts in HOOKS.md are those of hooks.json', () => {
  const layouts = partUnder('### Layouts');
  const structs = types.flatMap(({ name, size, align, fields }) => {
    const rows = (fields ?? []).map(({ name, type, offset }) => `| ${offset} | \`${name}\` | ${written(type)} |\n`);
    const head = `**\`${name}\`** has ${size} bytes and the alignment ${align}:\n\n${HEAD}`;
    return fields === undefined ? [] : [`${head}${rows.join('')}\n`];
  });
  for (const table of structs) assert.ok(layouts.includes(table), table);
  assert.is(layouts.match(/^\*\*/gm)?.length, structs.length);
  const enums = types.flatMap(({ name, size, align, variants = [] }) =>
    variants.map(({ tag, name: variant, fields }) => {
      const contents = fieldsText(fields);
      return `| \`${name}\` | ${size}, ${align} | ${tag} | \`${variant}\` |${contents && ` ${contents}`} |`;
    }),
  );
  assert.equal([...rowsUnder('### Layouts')].sort(), enums.sort());
});

contract('the other tables of HOOKS.md are those of hooks.json', () => {
  const code = (text: string): string => `\`${text}\``;
  const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  assert.equal(
    rowsUnder('### Hooks').slice(0, hooks.length),
    hooks.map(({ name, export: exported, schema_section, request, response }) =>
      row(code(name), code(exported), code(schema_section), request, response),
    ),
  );
  assert.equal(
    rowsUnder('### Descriptors').slice(-hooks.length),
    hooks.map(({ name, fingerprint }) => row(code(name), code(fingerprint))),
  );
  const sizes = rowsUnder('## Step 3: probes').map((line) => line.split(' | ').slice(0, 2).join(' | '));
  assert.equal(
    sizes.slice(0, hooks.length),
    hooks.map(({ name, probe_base64 }) => `| ${code(name)} | ${atob(probe_base64).length}`),
  );
  const compiling = partUnder('## Step 2: compiling').replaceAll('`', '');
  for (const { name, meaning } of refused_features) assert.ok(compiling.includes(`\n${row(name, meaning)}\n`), name);
});

contract('the budgets of HOOKS.md are the defaults of hooks.json', () => {
  const { call, probe, memory_max_pages, table_max_entries, stack_slots } = limits;
  const number = (value: number): string => value.toLocaleString('en-US');
  const budgets = partUnder('## Budgets');
  for (const cells of [
    `\`call.fuel\`, \`probe.fuel\` | ${number(call.fuel)} | ${number(probe.fuel)} |`,
    `\`call.wallMs\`, \`probe.wallMs\` | ${number(call.wall_ms)} ms | ${number(probe.wall_ms)} ms |`,
    `\`memoryMaxPages\` | ${number(memory_max_pages)} pages of 64 KiB |`,
    `\`tableMaxEntries\` | ${number(table_max_entries)} entries |`,
    `\`stackSlots\` | ${number(stack_slots)} slots of 8 bytes |`,
  ])
    assert.ok(budgets.includes(`| ${cells}`), cells);
});

/** What the union types of failures and warnings name, in the sources. */
const KINDS = /kind: ((?:'\w+'(?: \| )?)+)|^ {2}\| '(\w+)'/gm;

contract('HOOKS.md has each failure and warning', () => {
  const files = [
    'inspect-error',
    'inspect-warnings',
    'metadata',
    'compile-error',
    'call-error',
    'archive/decode-error',
  ];
  for (const file of files) {
    const [types] = read(`src/hooks/${file}.ts`).split(/^(?:const messages|export class|const places)/m);
    const kinds = [...(types ?? '').matchAll(KINDS)].flatMap((match) => match[0].match(/[A-Z]\w+/g) ?? []);
    assert.ok(kinds.length >= 5, `${file} has ${kinds.length} kinds`);
    for (const kind of kinds) assert.match(document, new RegExp(`\`${kind}\\b`), `${file}: ${kind}`);
  }
});

contract('the failures of a call have the phases and the kinds of cc-lb that HOOKS.md says', () => {
  const rows = partUnder('### Failures of a call').matchAll(/^\| \S+ \| (.*?) \| `(\w+).*?` \| .* \| (.*?) \|$/gm);
  const found = [...rows].map(([, phase = '', kind = '', upstream]) => {
    const named = phase === "the hook's export" ? 'cc_lb_filter' : phase.replaceAll('`', '');
    // The cast: the constructor needs the other fields only for the message.
    const error = new HookCallError({ kind, phase: named, stop: { kind: 'Timeout' } } as HookCallFailure);
    const expected = upstream === 'none' ? null : upstream?.replaceAll('`', '');
    assert.equal([error.phase, error.upstream], [named, expected], kind);
    return kind;
  });
  assert.is(new Set(found).size, 11);
});

contract('the archives that HOOKS.md explains are those of this host, byte for byte', () => {
  const [, ...parts] = partUnder('### Two archives, byte by byte').split('**A response of ');
  const explained = parts.map((part) => {
    const [, value = '', dump = ''] = /```json\n(.*?)```.*?```text\n(.*?)```/s.exec(part) ?? [];
    const hex = toHex(fromHex(dump.replace(/^[0-9a-f]+ /gm, '')));
    const rows = [...part.matchAll(/^\| (\d+) \| (`.*?) \|/gm)];
    assert.ok(rows.length >= 5, `${rows.length} rows`);
    for (const [row, at, cell = ''] of rows) {
      const digits = [...cell.matchAll(/`([^`]*)`/g)].map(([, piece = '']) => piece.replaceAll(' ', '')).join('');
      assert.is(hex.slice(2 * Number(at)).slice(0, digits.length), digits, row);
    }
    return { value, hex };
  });
  const [filter, transform] = explained;
  assert.is(explained.length, 2);
  const archive = <T>(type: ArchiveType<T>, json = ''): string =>
    toHex(encodeArchive(type, decodeArchiveJson(type, json)));
  assert.is(archive(FilterResponse, filter?.value), filter?.hex);
  assert.is(archive(TransformResponseResult, transform?.value), transform?.hex);
});

contract.run();
