import type { UsedResult } from '../../call-use.ts';
import type { Hook, HookOutcome } from '../../hooks/index.ts';
import { HookCallError } from '../../hooks/index.ts';
import { callRemoteHook } from '../../hooks/plugin.ts';
import { decodeUtf8 } from '../../kernel/index.ts';
import { PluginCallError } from '../../plugin/index.ts';
import type { DispatchOutcome } from '../../protocol/dispatch.ts';
import type { AugmentedMetadata, WireFunction, WireInput } from '../../protocol/messages/index.ts';
import { dispatchRemoteCall, interruptedDispatch } from '../../protocol/remote-dispatch.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { CallOptions, HookRunner, WireRunner } from '../engine.ts';
import { InterruptedCall } from './interrupted-call.ts';
import type { RemotePlugin } from './plugin.ts';

/** A plugin that runs in workers or processes. */
export type RemoteRunner = RemoteWireRunner | RemoteHookRunner;

const utf8 = /* @__PURE__ */ new TextEncoder();

/** A plugin of generation 1 in workers or processes. */
export class RemoteWireRunner implements WireRunner {
  readonly generation = 1;
  readonly #plugin: RemotePlugin;
  readonly #metadata: AugmentedMetadata;
  readonly #telemetry: Telemetry;
  readonly #onDispose: () => void;
  #turn = 0;

  constructor(plugin: RemotePlugin, metadata: AugmentedMetadata, telemetry: Telemetry, onDispose: () => void) {
    this.#plugin = plugin;
    this.#metadata = metadata;
    this.#telemetry = telemetry;
    this.#onDispose = onDispose;
  }

  async dispatch<Req, Res>(
    fn: WireFunction<Req, Res>,
    request: WireInput<Req>,
    options: CallOptions,
  ): Promise<DispatchOutcome<Res>> {
    const telemetry = { telemetry: this.#telemetry };
    const call = (text: string): Promise<UsedResult<string>> => this.#call(fn.name, text, options);
    try {
      return await dispatchRemoteCall(fn, call, this.#metadata, request, telemetry);
    } catch (error) {
      if (!(error instanceof InterruptedCall)) throw error;
      return interruptedDispatch(fn, error.interruption, error.cause, telemetry);
    }
  }

  async dispose(): Promise<void> {
    this.#onDispose();
    await this.#plugin.dispose();
  }

  async #call(name: string, text: string, options: CallOptions): Promise<UsedResult<string>> {
    const index = (options.affinity ?? this.#turn++) % this.#plugin.count;
    const output = await this.#plugin.call(name, utf8.encode(text), index, options);
    if (!output.ok) return output;
    const { used } = output;
    const value = decodeUtf8(output.value);
    if (value !== undefined) return { ok: true, value, used };
    return { ok: false, error: new PluginCallError({ kind: 'OutputNotUtf8', function: name }), used };
  }
}

/** A hook plugin in workers or processes: any of them may run a call. */
export class RemoteHookRunner implements HookRunner {
  readonly generation = 2;
  readonly #plugin: RemotePlugin;
  readonly #onDispose: () => void;

  constructor(plugin: RemotePlugin, onDispose: () => void) {
    this.#plugin = plugin;
    this.#onDispose = onDispose;
  }

  async dispatch<Req, Res>(hook: Hook<Req, Res>, request: Req, options: CallOptions): Promise<HookOutcome<Res>> {
    const { name: subject } = hook;
    try {
      return await callRemoteHook(hook, request, async (archive) => {
        const answer = await this.#plugin.call(subject, archive, undefined, options);
        const used = answer.used === undefined ? {} : { used: answer.used };
        return answer.ok
          ? { kind: 'ok', response: answer.value, ...used }
          : { kind: 'error', error: callError(answer.error, subject), ...used };
      });
    } catch (error) {
      if (!(error instanceof InterruptedCall)) throw error;
      const { interruption, cause } = error;
      return { kind: 'error', error: new HookCallError(interruption, { cause, subject }) };
    }
  }

  async dispose(): Promise<void> {
    this.#onDispose();
    await this.#plugin.dispose();
  }
}

function callError(thrown: unknown, subject: string): HookCallError {
  return thrown instanceof HookCallError ? thrown : new HookCallError({ kind: 'Panic' }, { cause: thrown, subject });
}
