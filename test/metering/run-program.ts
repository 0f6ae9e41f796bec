import { type Budget, instantiateMetered, Meter, MeteringError, type MeterOptions } from '../../src/metering/index.ts';
import type { Outcome } from './interpreter.ts';
import { hostFunctions, type Program, typeOf, type Value } from './program.ts';

/** How a run of the engine ended. */
export type RunEnd = Outcome['end'] | { readonly kind: 'exhausted'; readonly failure: string };

/**
 * What a run of an engine came to. The fuel is 0 when nobody counts it, and entries of a table are
 * `'host'` for any imported function.
 */
export interface Run {
  readonly end: RunEnd;
  readonly fuel: number;
  readonly calls: readonly string[];
  readonly globals: readonly Value[];
  readonly memory: Uint8Array;
  readonly table: readonly (number | 'host' | undefined)[];
}

/** A program as an instance of an engine. */
export class RunningProgram {
  readonly #program: Program;
  readonly #meter: Meter | undefined;
  readonly #calls: string[] = [];
  #exports: WebAssembly.Exports | undefined;
  /** How its start function ended. */
  readonly started: RunEnd;
  /**
   * Whether a trap has gone through a function of the host, which makes an error of it that not all
   * engines keep from being caught.
   */
  trapThroughHost = false;

  /** @param metering the budget when the module is metered; `undefined` when it is not. */
  constructor(program: Program, module: WebAssembly.Module, metering: MeterOptions | undefined) {
    this.#program = program;
    this.#meter = metering === undefined ? undefined : new Meter(metering);
    const imports = { host: this.#host };
    this.started = this.#end(() => {
      this.#exports =
        this.#meter === undefined
          ? new WebAssembly.Instance(module, imports).exports
          : instantiateMetered(module, imports, { meter: this.#meter }).instance.exports;
      return undefined;
    });
  }

  /** The calls of host functions so far, and fuel since the budget was given. */
  get soFar(): Pick<Run, 'calls' | 'fuel'> {
    return { calls: [...this.#calls], fuel: this.#meter?.fuelConsumed ?? 0 };
  }

  /** Calls a function by its index, with a budget of its own. */
  run(index: number, args: readonly Value[], budget: Budget = {}): Run {
    this.#calls.length = 0;
    this.#meter?.refuel(budget);
    const end = this.#end(() => this.#call(index, args));
    const exports = this.#exports ?? {};
    const defined = this.#program.functions.map((_, at) => exports[`f${at}`]);
    const table = exports.table as WebAssembly.Table | undefined; // open programs export one
    return {
      end,
      ...this.soFar,
      globals: this.#program.globals.map((_, at) => (exports[`g${at}`] as WebAssembly.Global).value),
      memory: new Uint8Array((exports.memory as WebAssembly.Memory).buffer.slice(0)),
      table: Array.from({ length: table?.length ?? 0 }, (_, at) => {
        const entry = table?.get(at);
        const known = defined.indexOf(entry);
        return entry === null ? undefined : known < 0 ? 'host' : known + hostFunctions.length;
      }),
    };
  }

  #call(index: number, args: readonly Value[]): readonly Value[] {
    const callee = this.#exports?.[`f${index - hostFunctions.length}`];
    if (typeof callee !== 'function') throw new RangeError(`no function ${index}`);
    const { results } = typeOf(this.#program, index);
    const result: unknown = this.#meter === undefined ? callee(...args) : this.#meter.run(() => callee(...args));
    // Functions of programs give numbers: none, one, or an array of them.
    if (results.length === 0) return [];
    return (results.length === 1 ? [result] : result) as readonly Value[];
  }

  #end(run: () => readonly Value[] | undefined): RunEnd {
    try {
      return { kind: 'returned', results: run() ?? [] };
    } catch (thrown) {
      if (isException(thrown)) return { kind: 'thrown' };
      if (thrown instanceof WebAssembly.RuntimeError) return { kind: 'trapped' };
      if (!(thrown instanceof MeteringError)) throw thrown;
      const { kind } = thrown.failure;
      // A trap that went through `again` is an error of a host function.
      if (kind === 'HostFunction' && thrown.cause instanceof WebAssembly.RuntimeError) return { kind: 'trapped' };
      return { kind: 'exhausted', failure: kind };
    }
  }

  readonly #host = {
    note: (value: number): void => {
      this.#calls.push(`note ${value}`);
    },
    twice: (value: bigint): bigint => {
      this.#calls.push(`twice ${value}`);
      return value * 2n;
    },
    again: (depth: number): number => {
      this.#calls.push(`again ${depth}`);
      const callee = this.#exports?.f0;
      if (depth <= 0 || typeof callee !== 'function') return 7;
      const { params } = typeOf(this.#program, hostFunctions.length);
      try {
        const result = callee(...params.map((type, at) => (at === 0 ? depth - 1 : type === 'i32' ? 5 : 6n)));
        const [first = 8] = Array.isArray(result) ? result : [result];
        return Number(BigInt.asIntN(32, BigInt(first)));
      } catch (thrown) {
        if (isException(thrown)) return 9;
        this.trapThroughHost = true;
        throw thrown;
      }
    },
  };
}

/** Whether a program threw this, and not the engine or the host. */
function isException(thrown: unknown): boolean {
  // Not every engine has it.
  const { Exception } = WebAssembly as unknown as { readonly Exception?: new () => object };
  return Exception !== undefined && thrown instanceof Exception;
}
