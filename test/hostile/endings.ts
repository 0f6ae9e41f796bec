import * as assert from 'uvu/assert';
import {
  BuildPluginError,
  buildPlugin,
  type Plugin,
  PluginCallError,
  type PluginOptions,
} from '../../src/plugin/index.ts';
import { admit } from '../../src/protocol/admit.ts';
import { type DispatchOutcome, dispatchWireCall } from '../../src/protocol/dispatch.ts';
import { IdentityReadError, readIdentity } from '../../src/protocol/identity.ts';
import { type WireFunction, wire } from '../../src/protocol/messages/index.ts';
import { fixture } from '../support/fixture.ts';

/**
 * Small budgets, so that every hostile plugin ends soon. The time is long: a plugin must end by the
 * same budget on a slow machine.
 */
export const small: PluginOptions = { fuel: 5_000_000, wallMs: 30_000, memoryMaxPages: 32 };

/** Reads a hostile fixture by its name. */
export const hostile = (name: string): Promise<Uint8Array> => fixture(`hostile/${name}.wasm`);

/** Builds a hostile fixture with small budgets. */
export const hostilePlugin = async (name: string, options: PluginOptions = {}): Promise<Plugin> =>
  buildPlugin(await hostile(name), { ...small, ...options });

/** Reads the identity, and returns the outcome. */
export function identityEnding(wasm: Uint8Array): string {
  try {
    return `answers ${readIdentity(wasm).plugin_name}`;
  } catch (error) {
    if (!(error instanceof IdentityReadError)) throw error;
    return `identity: ${error.failure.kind}`;
  }
}

/** Builds the plugin, and returns the outcome. */
export function buildEnding(wasm: Uint8Array, options: PluginOptions = {}): string {
  try {
    buildPlugin(wasm, { ...small, ...options }).dispose();
    return 'built';
  } catch (error) {
    if (!(error instanceof BuildPluginError)) throw error;
    return `build: ${error.failure.kind}`;
  }
}

/** Admits the plugin with the budgets of the protocol, and returns the outcome. */
export function admissionEnding(wasm: Uint8Array): string {
  const { admitted, layers } = admit(wasm);
  if (admitted) return 'admitted';
  const failed = layers.find(({ status }) => status === 'failed');
  return `${failed?.layer}: ${failed?.error?.kind}`;
}

const text = new TextDecoder();

/**
 * Calls an export, and returns the outcome. Checks that the plugin then answers its export `calm`.
 */
export function callEnding(plugin: Plugin, name: string, input: string | Uint8Array = 'x'): string {
  const ending = endingOf(plugin, name, input);
  assert.is(plugin.callText('calm'), 'calm', `after ${ending}`);
  return ending;
}

/** Calls an export, and returns the outcome. */
export function endingOf(plugin: Plugin, name: string, input: string | Uint8Array = ''): string {
  try {
    const answer = text.decode(plugin.callView(name, input).subarray(0, 16));
    return answer === '' ? 'answers nothing' : `answers ${answer}`;
  } catch (error) {
    if (!(error instanceof PluginCallError)) throw error;
    return `call: ${error.failure.kind}`;
  }
}

/** A wire function with another name. */
export const named = <Req, Res>(fn: WireFunction<Req, Res>, name: string): WireFunction<Req, Res> => ({ ...fn, name });

/** The outcome of a dispatch: the stage and kind of the error, or the response as JSON. */
export function dispatchEnding<Res>(outcome: DispatchOutcome<Res>): string {
  if (outcome.kind === 'ok') return `answers ${JSON.stringify(outcome.response)}`;
  const { stage, failure } = outcome.error;
  return `dispatch: ${stage} ${failure.kind}`;
}

/** Dispatches `observe` without events. */
export const observe = (plugin: Plugin): string =>
  dispatchEnding(dispatchWireCall(wire.v1.observe, plugin, { negotiated_functions: { observe: 1 } }, { events: [] }));

/** A handle as input of a hostile fixture: eight little-endian bytes. */
export function handle(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
  return bytes;
}
