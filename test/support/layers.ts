import { resultOf } from '../../src/failure.ts';
import type { ModuleSource } from '../../src/module-source.ts';
import { CompiledPlugin, compilePlugin } from '../../src/plugin/index.ts';
import * as handshake from '../../src/protocol/handshake.ts';
import { runHandshakeLayer } from '../../src/protocol/handshake-layer.ts';
import type { HandshakeOffer, PluginSlot } from '../../src/protocol/messages/index.ts';
import * as selfCheck from '../../src/protocol/self-check.ts';
import { runSelfCheckLayer } from '../../src/protocol/self-check-layer.ts';

/*
 * The layers for tests that have a plugin's bytes: compiled with the defaults, as `admit` does.
 */

/**
 * Layers without a deadline. On a busy machine a good plugin can need more than 200 ms of
 * wall-clock time.
 */
export const unhurried = {
  handshake: { wallMs: Number.POSITIVE_INFINITY },
  selfCheck: { wallMs: Number.POSITIVE_INFINITY },
} as const;

type Wasm = ModuleSource | CompiledPlugin;

const compiled = (wasm: Wasm) => (wasm instanceof CompiledPlugin ? wasm : resultOf(() => compilePlugin(wasm)));

type Rest<F> = F extends (plugin: handshake.PluginSource, ...rest: infer R) => unknown ? R : never;

export const executeHandshake = (wasm: Wasm, ...rest: Rest<typeof handshake.executeHandshake>) =>
  handshake.executeHandshake(compiled(wasm), ...rest);

/** What `executeHandshake` does, with the fuel that it burnt. */
export const measuredHandshake = (wasm: Wasm, offer: HandshakeOffer, options: handshake.HandshakeOptions = {}) =>
  runHandshakeLayer(compiled(wasm), offer, options);

export const executeSelfCheck = (wasm: Wasm, ...rest: Rest<typeof selfCheck.executeSelfCheck>) =>
  selfCheck.executeSelfCheck(compiled(wasm), ...rest);

/** What `executeSelfCheck` does, with the fuel that it burnt. */
export const measuredSelfCheck = (
  wasm: Wasm,
  slots: readonly PluginSlot[] | 'all',
  options: selfCheck.SelfCheckOptions = {},
) => runSelfCheckLayer(compiled(wasm), slots, options);

export const slotsFromLegacyExports = (wasm: Wasm) => handshake.slotsFromLegacyExports(compiled(wasm));
