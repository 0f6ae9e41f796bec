import { buildModule } from '../../../../scripts/hostile-compile/build-module.ts';
import type { HostFunctionOptions } from '../../../../src/host/remote/options.ts';

/** What happens when a plugin is asked for its configuration, by the name of the plugin. */
const behaviours: Readonly<Record<string, () => void>> = {
  loops: () => {
    for (;;);
  },
  compiles: () => {
    // Megabytes of code, so that nearly all time is spent within one compile or another.
    const part = { kind: 'lazy-code', size: 3_000_000, variant: 'load' };
    const wasm = buildModule({ parts: [part], together: true, copies: 1 }, 'large');
    for (;;) new WebAssembly.Module(wasm);
  },
  exits: () => globalThis.process.exit(7),
};

/** The host module of the tests. A signer finds what it needs in its configuration. */
export function createHostOptions(): HostFunctionOptions {
  return {
    config: ({ name }) => {
      behaviours[name]?.();
      return { header: 'x-key' };
    },
  };
}
