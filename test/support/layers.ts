import { resultOf } from '../../src/failure.ts';
import type { ModuleSource } from '../../src/module-source.ts';
import { CompiledPlugin, compilePlugin } from '../../src/plugin/index.ts';
import * as handshake from '../../src/protocol/handshake.ts';
import * as selfCheck from '../../src/protocol/self-check.ts';

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

export const runHandshake = (wasm: Wasm, ...rest: Rest<typeof handshake.runHandshake>) =>
  handshake.runHandshake(compiled(wasm), ...rest);

export const executeSelfCheck = (wasm: Wasm, ...rest: Rest<typeof selfCheck.executeSelfCheck>) =>
  selfCheck.executeSelfCheck(compiled(wasm), ...rest);

export const runSelfCheck = (wasm: Wasm, ...rest: Rest<typeof selfCheck.runSelfCheck>) =>
  selfCheck.runSelfCheck(compiled(wasm), ...rest);

export const slotsFromLegacyExports = (wasm: Wasm) => handshake.slotsFromLegacyExports(compiled(wasm));
