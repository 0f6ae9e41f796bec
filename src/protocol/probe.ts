import { checkArgument } from '../option-rules.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { dispatchWireCall } from './dispatch.ts';
import type { AugmentedMetadata } from './messages/index.ts';
import { v2 } from './messages/v2.ts';

/** The part of a plugin's metadata that a dispatch needs. */
export type Negotiated = Pick<AugmentedMetadata, 'negotiated_functions'>;

/**
 * The wire functions that v2 changes, each with a dispatch of a sample that has fields of v2. Serde
 * refuses them in a plugin that has the types of v1.
 */
const probes = {
  shape: (plugin: Plugin, metadata: Negotiated) => {
    const request = { ...v2.shape.dryRunRequest(), upstream_base_url: 'https://api.anthropic.com' };
    return dispatchWireCall(v2.shape, plugin, metadata, request);
  },
  route: (plugin: Plugin, metadata: Negotiated) =>
    dispatchWireCall(v2.route, plugin, metadata, v2.route.dryRunRequest()),
} as const;

/**
 * Finds out which wire version of a function a plugin takes. The handshake cannot tell: both are
 * offered as version 1 (abi/PROTOCOL.md, "Functions and fallback").
 *
 * It calls the function once, with a sample that has fields of v2. Nothing is counted or logged if
 * the plugin refuses it. Call this once for each admitted plugin, and keep the answer.
 *
 * @param name the function.
 * @param plugin built as for any dispatch, with its budgets. The call can change its memory.
 * @param metadata the plugin's metadata.
 * @returns `v2` if the plugin answers. Then requests may have the fields of v2. In all other cases
 * `v1`, also if the call fails for another reason: every plugin takes requests of v1.
 * @throws TypeError if an argument is malformed.
 */
export function probeWireVersion(name: keyof typeof probes, plugin: Plugin, metadata: Negotiated): 'v1' | 'v2' {
  checkArgument('name', Object.hasOwn(probes, name), `one of ${Object.keys(probes).join(', ')}`);
  return probes[name](plugin, metadata).kind === 'ok' ? 'v2' : 'v1';
}
