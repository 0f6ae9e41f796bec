import { recover } from '../failure.ts';
import { type FunctionType, functionType, readModule, WasmFormatError, type WasmModule } from '../wasm/index.ts';
import type { ArchiveDeclaration } from './archive/type.ts';
import { type HookName, hooks } from './hook.ts';
import type { PluginMetadata } from './metadata.ts';
import type { HookSections } from './sections.ts';

/**
 * What cc-lb accepts and an author will regret.
 *
 * - `RepeatedSection`: several custom sections have one name, and only the last counts.
 * - `MistypedFree`: `cc_lb_free` does not take three i32. cc-lb never calls it.
 * - `MistypedHook`: the function of a hook of mode `noop` does not take two i32 and return an i64.
 *   It fails as soon as the mode is `active`.
 * - `LargeMemory`: a memory begins with more than 256 pages, which each call has to make anew.
 * - `LargeTable`: a table begins with more than 100,000 entries.
 * - `UnusedHook`: a response hook is declared without `shape`, so no host calls it.
 * - `UnprotectedTypes`: the fingerprint of a hook does not cover these types. If cc-lb changes one,
 *   the plugin is still admitted, and can fail or misread requests.
 */
export type HookWarning =
  | { readonly kind: 'RepeatedSection'; readonly section: string; readonly count: number }
  | { readonly kind: 'MistypedFree' }
  | { readonly kind: 'MistypedHook'; readonly hook: HookName }
  | { readonly kind: 'LargeMemory'; readonly pages: number }
  | { readonly kind: 'LargeTable'; readonly entries: number }
  | { readonly kind: 'UnusedHook'; readonly hook: HookName }
  | { readonly kind: 'UnprotectedTypes'; readonly hook: HookName; readonly types: readonly string[] };

const LARGE_MEMORY_PAGES = 256;
const LARGE_TABLE_ENTRIES = 100_000;

/** Finds what an author will regret in a plugin that passed inspection. */
export function findWarnings(
  bytes: Uint8Array,
  { custom }: HookSections,
  { hooks: declared }: PluginMetadata,
): readonly HookWarning[] {
  const found: HookWarning[] = [];
  for (const [section, { count }] of custom) if (count > 1) found.push({ kind: 'RepeatedSection', section, count });
  // A module whose types cannot be read does not compile either.
  const module = recover(
    () => readModule(bytes),
    WasmFormatError,
    () => undefined,
  );
  if (module !== undefined) found.push(...typeWarnings(module, declared), ...sizeWarnings(module));
  for (const { name, request, response } of hooks) {
    if (declared[name] === undefined) continue;
    const isResponse = name === 'transform_response' || name === 'transform_sse_event';
    if (isResponse && declared.shape === undefined) found.push({ kind: 'UnusedHook', hook: name });
    const types = new Set([...nestedTypes(request), ...nestedTypes({ kind: 'list', of: response })]);
    found.push({ kind: 'UnprotectedTypes', hook: name, types: [...types].sort() });
  }
  return found;
}

function typeWarnings(module: WasmModule, declared: PluginMetadata['hooks']): readonly HookWarning[] {
  const found: HookWarning[] = [];
  if (signatureOf(module, 'cc_lb_free') !== 'i32,i32,i32 ->') found.push({ kind: 'MistypedFree' });
  for (const { name: hook, exportName } of hooks)
    if (declared[hook]?.mode === 'noop' && signatureOf(module, exportName) !== 'i32,i32 -> i64')
      found.push({ kind: 'MistypedHook', hook });
  return found;
}

/** The type of an exported function in words: `i32,i32 -> i64`. */
function signatureOf(module: WasmModule, name: string): string | undefined {
  const exported = module.exports.find((candidate) => candidate.name === name && candidate.kind === 'function');
  const type: FunctionType | undefined = exported && functionType(module, exported.index);
  return type && `${type.params.join(',')} -> ${type.results.join(',')}`.trim();
}

function sizeWarnings({ memories, tables }: WasmModule): readonly HookWarning[] {
  const pages = memories.map(({ minimum }) => Number(minimum)).filter((minimum) => minimum > LARGE_MEMORY_PAGES);
  const entries = tables.map(({ limits }) => Number(limits.minimum)).filter((size) => size > LARGE_TABLE_ENTRIES);
  return [
    ...pages.map((count): HookWarning => ({ kind: 'LargeMemory', pages: count })),
    ...entries.map((count): HookWarning => ({ kind: 'LargeTable', entries: count })),
  ];
}

/** Returns the names of the structs and enums within a type. */
function nestedTypes(type: ArchiveDeclaration): readonly string[] {
  const named = (inner: ArchiveDeclaration): readonly string[] =>
    inner.kind === 'struct' || inner.kind === 'enum' ? [inner.name, ...nestedTypes(inner)] : nestedTypes(inner);
  switch (type.kind) {
    case 'list':
    case 'option':
      return named(type.of);
    case 'struct':
      return type.fields.flatMap((field) => named(field.type));
    case 'enum':
      return type.variants.flatMap(({ fields }) => fields.flatMap((field) => named(field.type)));
    default:
      return [];
  }
}
