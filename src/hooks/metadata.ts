import { emptyWhenMissing, map, string, stringEnum, struct, u8 } from '../json/declare.ts';
import { compareUtf8 } from '../json/text/utf8.ts';
import type { Infer } from '../json/type.ts';
import type { HookName } from './hook.ts';

/** The name of the custom section that holds a plugin's metadata. */
export const METADATA_SECTION_NAME = 'cc_lb.plugin.v1';

/**
 * Bytes that the section may have. cc-lb has no such limit; but to read a megabyte that is made to
 * be slow takes a quarter of a second.
 */
export const METADATA_MAX_BYTES = 1_048_576;

/** What a plugin says of one of its hooks. */
export const hookMetadata = struct('HookMetadata', {
  wire_version: u8,
  description: string,
  usage: string,
  mode: stringEnum('HookMode', ['active', 'noop']),
});
/** The TypeScript type of {@link hookMetadata}. */
export type HookMetadata = Infer<typeof hookMetadata>;

/** What a plugin says of itself. */
export const pluginMetadata = struct('PluginMetadata', {
  name: string,
  version: string,
  description: string,
  usage: string,
  hooks: emptyWhenMissing(map(hookMetadata)),
});
/** The TypeScript type of {@link pluginMetadata}. */
export type PluginMetadata = Infer<typeof pluginMetadata>;

/**
 * Which rule metadata break. Texts must have a character that is not white space, and there must be
 * a hook. `hook` is the name that the plugin gives to the hook.
 */
export type MetadataViolation =
  | { readonly kind: 'MissingName' | 'MissingVersion' | 'MissingDescription' | 'MissingUsage' | 'NoHooksDeclared' }
  | { readonly kind: 'UnknownHook' | 'HookMissingDescription' | 'HookMissingUsage'; readonly hook: string };

/**
 * Finds the first rule that metadata break.
 *
 * @param known the names of hooks.
 * @returns `undefined` if they break none.
 */
export function findViolation(metadata: PluginMetadata, known: readonly HookName[]): MetadataViolation | undefined {
  if (isBlank(metadata.name)) return { kind: 'MissingName' };
  if (isBlank(metadata.version)) return { kind: 'MissingVersion' };
  if (isBlank(metadata.description)) return { kind: 'MissingDescription' };
  if (isBlank(metadata.usage)) return { kind: 'MissingUsage' };
  // An object has names of digits in the order of their numbers.
  const hooks = Object.entries(metadata.hooks).sort(([one], [other]) => compareUtf8(one, other));
  if (hooks.length === 0) return { kind: 'NoHooksDeclared' };
  for (const [hook, { description, usage }] of hooks) {
    if (!known.some((name) => name === hook)) return { kind: 'UnknownHook', hook };
    if (isBlank(description)) return { kind: 'HookMissingDescription', hook };
    if (isBlank(usage)) return { kind: 'HookMissingUsage', hook };
  }
  return undefined;
}

/** Whether a text is empty after Rust's `trim`, whose white space is not that of JavaScript's. */
function isBlank(text: string): boolean {
  return /^\p{White_Space}*$/u.test(text);
}
