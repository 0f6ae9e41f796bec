import {
  type HostExceptions,
  instantiateMetered,
  isMetered,
  Meter,
  MeteringError,
  type MeteringOptions,
  meterModule,
} from '../../src/metering/index.ts';

/*
 * Replaces `WebAssembly.instantiate` and its relatives in this process by functions that meter the
 * module. So glue code needs no change and no hook.
 */

/** The modules that were compiled so far, and the meter of all instances. */
export interface MeteredWebAssembly {
  /** All instances share this meter, so calls from one instance to another are bounded too. */
  readonly meter: Meter;
  /** The original bytes of metered modules, and the time of metering. */
  readonly modules: Uint8Array[];
  milliseconds: number;
}

/**
 * Replaces the functions of `WebAssembly`. Asynchronous functions meter all modules. Synchronous
 * functions meter only modules with a section `dylink.0`: the side modules of a dynamic linker.
 * Glue code makes the other ones itself, byte by byte, and they have no loops.
 */
export function meterWebAssembly(options: MeteringOptions, hostExceptions?: HostExceptions): MeteredWebAssembly {
  const { Module, Instance, compile: compileByEngine } = WebAssembly;
  const state: MeteredWebAssembly = { meter: new Meter(), modules: [], milliseconds: 0 };

  /**
   * Whether metering is running. It compiles and instantiates small modules, which are not metered.
   */
  let within = 0;
  const unmetered = <T>(call: () => T): T => {
    within++;
    try {
      return call();
    } finally {
      within--;
    }
  };

  const metered = (source: BufferSource): Uint8Array<ArrayBuffer> => {
    const bytes = bytesOf(source);
    const startedAt = performance.now();
    try {
      const { bytes: rewritten } = unmetered(() => meterModule(bytes, options));
      state.modules.push(bytes);
      return rewritten;
    } catch (error) {
      // Glue code that tests features of an engine expects the engine's own error.
      if (error instanceof MeteringError && error.failure.kind === 'InvalidModule') throw error.cause;
      throw error;
    } finally {
      state.milliseconds += performance.now() - startedAt;
    }
  };
  const instanceOf = (module: WebAssembly.Module, imports?: WebAssembly.Imports): WebAssembly.Instance => {
    if (!isMetered(module)) return unmetered(() => new Instance(module, imports));
    const { meter } = state;
    return unmetered(() => instantiateMetered(module, imports, { meter, hostExceptions })).instance;
  };

  const compile = async (source: BufferSource): Promise<WebAssembly.Module> => compileByEngine(metered(source));
  const instantiate = async (source: BufferSource | WebAssembly.Module, imports?: WebAssembly.Imports) => {
    if (source instanceof Module) return instanceOf(source, imports);
    const module = await compile(source);
    return { module, instance: instanceOf(module, imports) };
  };
  const contents = async (response: Response | PromiseLike<Response>) => (await response).arrayBuffer();
  Object.assign(WebAssembly, {
    compile,
    compileStreaming: async (response: Response | PromiseLike<Response>) => compile(await contents(response)),
    instantiate,
    instantiateStreaming: async (response: Response | PromiseLike<Response>, imports?: WebAssembly.Imports) =>
      instantiate(await contents(response), imports),
    Module: new Proxy(Module, {
      construct(target, [source]: [BufferSource]) {
        const module = new target(source);
        const isAdapter = target.customSections(module, 'dylink.0').length === 0;
        return within > 0 || isAdapter ? module : new target(metered(source));
      },
    }),
    Instance: new Proxy(Instance, {
      construct: (target, [module, imports]: [WebAssembly.Module, WebAssembly.Imports | undefined]) =>
        within > 0 ? new target(module, imports) : instanceOf(module, imports),
    }),
  });
  return state;
}

function bytesOf(source: BufferSource): Uint8Array {
  if (source instanceof Uint8Array) return source;
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return new Uint8Array(source);
}
