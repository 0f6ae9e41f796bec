import type { FunctionType } from '../wasm/index.ts';
import type { ArchiveDeclaration } from './archive/type.ts';
import { type HookName, hooks, responseHooks } from './hook.ts';
import type { PluginMetadata } from './metadata.ts';
import type { HookSections } from './sections.ts';
import { SIGNATURES, signatureOf } from './signatures.ts';

/**
 * What cc-lb accepts and an author will regret.
 *
 * - `RepeatedSection`: several custom sections have one name, and only the last counts.
 * - `MistypedFree`: `cc_lb_free` does not take three i32. cc-lb never calls it.
 * - `MistypedHook`: the function of a hook of mode `noop` does not take two i32 and return an i64.
 *   It fails as soon as the mode is `active`.
 * - `LargeMemory`: the memory begins with more than 256 pages, which each call has to make anew.
 * - `LargeTable`: the tables begin with more than 100,000 entries together.
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

/** What a plugin declares. */
export interface Declarations {
  /** The types of the functions that it exports, by name. */
  readonly functions: ReadonlyMap<string, FunctionType>;
  /** Pages of its memories at first, together. */
  readonly initialPages: number;
  /** Entries of its tables at first, together. */
  readonly initialEntries: number;
}

/**
 * Finds what an author will regret in a plugin that passed inspection.
 *
 * @param declarations `undefined` if they cannot be read.
 */
export function findWarnings(
  { custom }: HookSections,
  { hooks: declared }: PluginMetadata,
  declarations: Declarations | undefined,
): readonly HookWarning[] {
  const found: HookWarning[] = [];
  for (const [section, { count }] of custom) if (count > 1) found.push({ kind: 'RepeatedSection', section, count });
  if (declarations !== undefined) found.push(...typeWarnings(declarations, declared), ...sizeWarnings(declarations));
  for (const { name, request, response } of hooks) {
    if (declared[name] === undefined) continue;
    if (responseHooks.includes(name) && declared.shape === undefined) found.push({ kind: 'UnusedHook', hook: name });
    const types = new Set([...nestedTypes(request), ...nestedTypes({ kind: 'list', of: response })]);
    found.push({ kind: 'UnprotectedTypes', hook: name, types: [...types].sort() });
  }
  return found;
}

function typeWarnings({ functions }: Declarations, declared: PluginMetadata['hooks']): readonly HookWarning[] {
  const found: HookWarning[] = [];
  const isOf = (name: string, expected: FunctionType): boolean => {
    const type = functions.get(name);
    return type !== undefined && signatureOf(type) === signatureOf(expected);
  };
  if (!isOf('cc_lb_free', SIGNATURES.cc_lb_free)) found.push({ kind: 'MistypedFree' });
  for (const { name: hook, exportName } of hooks)
    if (declared[hook]?.mode === 'noop' && !isOf(exportName, SIGNATURES.hook))
      found.push({ kind: 'MistypedHook', hook });
  return found;
}

function sizeWarnings({ initialPages, initialEntries }: Declarations): readonly HookWarning[] {
  const found: HookWarning[] = [];
  if (initialPages > LARGE_MEMORY_PAGES) found.push({ kind: 'LargeMemory', pages: initialPages });
  if (initialEntries > LARGE_TABLE_ENTRIES) found.push({ kind: 'LargeTable', entries: initialEntries });
  return found;
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
