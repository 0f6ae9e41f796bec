import { resultOf } from '../failure.ts';
import { readSections } from '../wasm/index.ts';
import { PluginHostError } from './host-error.ts';
import type { PluginId } from './key.ts';

/** The number of the section of a module that has the bodies of its functions. */
const CODE_SECTION = 10;

/**
 * How many bytes of machine code engines make at most of one byte of code, with budgets written
 * into it, and of the kernel that each plugin gets. Measured on fixtures: RATIONALE.md.
 */
const MACHINE_BYTES = { ofCodeByte: 10, ofPlugin: 160 * 1024 } as const;

/**
 * Estimates how many bytes of machine code an engine makes of a plugin.
 *
 * @param wasm its original bytes. A module whose framing is broken has no code: admission says so.
 */
export function machineCodeBytes(wasm: Uint8Array): number {
  const sections = resultOf(() => [...readSections(wasm)]);
  const code = sections.ok ? sections.value.find(({ id }) => id === CODE_SECTION) : undefined;
  const codeBytes = code === undefined ? 0 : code.end - code.contentOffset;
  return MACHINE_BYTES.ofPlugin + MACHINE_BYTES.ofCodeByte * codeBytes;
}

/** Bounds the machine code of all plugins of a host. */
export class CodeBudget {
  readonly #max: number;
  #used = 0;

  /** @param max in bytes, as {@link machineCodeBytes} estimates them. */
  constructor(max: number) {
    this.#max = max;
  }

  /**
   * Checks that there is room for the machine code of a plugin.
   *
   * @throws PluginHostError `CodeBytes`.
   */
  check({ name: subject }: PluginId, wasm: Uint8Array): void {
    const [used, needed, max] = [this.#used, machineCodeBytes(wasm), this.#max];
    if (used + needed > max) throw new PluginHostError({ kind: 'CodeBytes', used, needed, max }, { subject });
  }

  /**
   * Takes room for the machine code of a plugin.
   *
   * @returns what gives it back, once.
   * @throws PluginHostError `CodeBytes`.
   */
  take(id: PluginId, wasm: Uint8Array): () => void {
    this.check(id, wasm);
    let taken = machineCodeBytes(wasm);
    this.#used += taken;
    return () => {
      this.#used -= taken;
      taken = 0;
    };
  }
}
