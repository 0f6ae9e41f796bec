import { buildPlugin, type HostFunction, type LogEvent, PluginCallError, type PluginOptions } from '../../src/index.ts';
import { toBase64 } from '../support/base64.ts';
import { WALL_MS } from './kind.ts';

/** A call of an export. */
export interface Call {
  readonly export: string;
  readonly input?: string;
}

/** The outcomes of calls of a plugin, in the form of scripts/reference/answers. */
export interface CallsAnswer {
  readonly calls: readonly object[];
  readonly counters?: readonly (readonly [name: string, value: number])[];
  readonly logs?: readonly (readonly [level: string, message: string])[];
}

/** The options of the host of a called plugin. */
export interface CallsHost extends Omit<PluginOptions, 'telemetry' | 'functions'> {
  readonly functions?: (telemetry: NonNullable<PluginOptions['telemetry']>) => readonly HostFunction[];
}

/** Builds a plugin, calls it, and returns the outcomes in the form of the reference. */
export function callsOf(wasm: Uint8Array, calls: readonly Call[], { functions, ...options }: CallsHost): CallsAnswer {
  const logs: [string, string][] = [];
  const counters: [string, number][] = [];
  const telemetry = {
    log: ({ level, message }: LogEvent) => logs.push([level.toUpperCase(), message]),
    counter: (name: string, value: number | bigint) => counters.push([name, Number(value)]),
  };
  const plugin = buildPlugin(wasm, { wallMs: WALL_MS, ...options, telemetry, functions: functions?.(telemetry) ?? [] });
  try {
    const answers = calls.map(({ export: name, input = '' }) => {
      try {
        return { ok: toBase64(plugin.call(name, input)) };
      } catch (error) {
        if (!(error instanceof PluginCallError)) throw error;
        return { error: kindOfFailure(error) };
      }
    });
    return { calls: answers, ...(counters.length > 0 && { counters }), ...(logs.length > 0 && { logs }) };
  } finally {
    plugin.dispose();
  }
}

/** The text of the reference for a failed call. */
function kindOfFailure({ failure, message }: PluginCallError): string {
  switch (failure.kind) {
    case 'OutOfFuel':
      return 'plugin ran out of fuel';
    case 'Timeout':
      return 'timeout';
    case 'OutOfMemory':
      return 'oom';
    case 'NonZeroExit':
      return 'Returned non-zero exit code';
    case 'FunctionNotFound':
      return 'Function not found';
    case 'ErrorMessageUnreadable':
      return 'unable to load error message from memory';
    case 'PluginError':
      return message.split('\n')[0] ?? '';
    default:
      return 'trap';
  }
}
