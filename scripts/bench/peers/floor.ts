import type { Host } from './host.ts';
import { plainRequest } from './host.ts';

const NOT_A_HOST = 'nobody could use it';

/**
 * What no host can go below by much: the plugin's export alone, on its original bytes, with the
 * input already in place and the output left where it is; the functions that it imports check
 * nothing (plugins/floor.wat).
 *
 * @param kernel the module that provides these.
 */
export function floorHost(kernel: WebAssembly.Module): Host {
  return {
    name: 'floor',
    title: 'floor: the export alone',
    cannot: {
      blocks: 'it never frees',
      variables: 'it has none',
      admission: NOT_A_HOST,
      'start-up': NOT_A_HOST,
    },
    open: async (wasm) => {
      const { exports: provided } = new WebAssembly.Instance(kernel);
      const { memory, place, rewind } = provided;
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), { 'extism:host/env': provided });
      const task = (name: string, input: string) => {
        const exported = exports[name];
        if (!isFunction(exported) || !isFunction(place) || !isFunction(rewind)) throw new Error(`no export ${name}`);
        const bytes = new TextEncoder().encode(input);
        const offset = Number(place(bytes.length));
        if (memory instanceof WebAssembly.Memory) new Uint8Array(memory.buffer).set(bytes, offset);
        return () => {
          rewind();
          exported();
        };
      };
      return {
        callTask: task,
        dispatchTask: (exchange) => task(exchange.fn.name, plainRequest(exchange)),
      };
    },
  };
}

function isFunction(value: unknown): value is (...args: readonly unknown[]) => unknown {
  return typeof value === 'function';
}
