import type { WireFunction, WireInput } from '../../../src/index.ts';

/** A wire function with a request for it, which every host gets as the same value. */
export interface Exchange {
  // Which request and response it is does not matter to a host: both are one plain value.
  readonly fn: WireFunction<unknown, unknown>;
  readonly version: number;
  readonly request: WireInput<unknown>;
}

/**
 * One call, ready to be made again and again. Gives what the plugin answered, or a promise of it
 * when the host is asynchronous.
 */
export type Task = () => unknown;

/** A plugin that a host has loaded. */
export interface OpenPlugin {
  /**
   * Calls an export with text and gives its output as text; `undefined` from a host that does not
   * read the output.
   */
  callTask(name: string, input: string): Task;
  /** Calls a wire function with a value and returns the response as a value. */
  dispatchTask(exchange: Exchange): Task;
}

/** What a host is asked to do. */
export type Workload = 'call' | 'echo' | 'blocks' | 'variables' | 'dispatch' | 'admission' | 'many' | 'start-up';

/** A host of plugins that takes part in the benchmark. */
export interface Host {
  readonly name: string;
  /** Its row in tables and its line in pictures. */
  readonly title: string;
  /** Why it cannot do a workload. */
  readonly cannot: Readonly<Partial<Record<Workload, string>>>;
  open(wasm: Uint8Array<ArrayBuffer>): Promise<OpenPlugin>;
  /**
   * Takes a plugin through identity, handshake and self-check; throws when it is refused. Gives a
   * promise when it is asynchronous.
   */
  admit?(wasm: Uint8Array<ArrayBuffer>): unknown;
}

/**
 * What a user writes to dispatch through a host that knows nothing of the protocol: the engine's
 * own JSON, nothing checked.
 */
export function plainRequest({ version, request }: Exchange): string {
  // Requests of wire functions are objects.
  return JSON.stringify({ ...(request as object), _v: version });
}

/** The answer to {@link plainRequest}, as a value. */
export function plainResponse(output: string): unknown {
  const { _v, ...response } = JSON.parse(output);
  return response;
}
