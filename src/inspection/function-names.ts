import type { FunctionPrinter, WasmModule } from '../wasm/index.ts';

/** What the functions of a module are called, for people. */
export class FunctionNames {
  /** How many functions the module imports: these have the first indices. */
  readonly imported: number;
  readonly #printer: FunctionPrinter;
  readonly #imports: readonly string[];
  readonly #exports = new Map<number, string>();

  /** @param printer of the functions of the module. */
  constructor({ imports, exports }: WasmModule, printer: FunctionPrinter) {
    this.#printer = printer;
    this.#imports = imports.flatMap(({ kind, module, name }) => (kind === 'function' ? [`${module} ${name}`] : []));
    this.imported = this.#imports.length;
    for (const { kind, name, index } of exports) {
      if (kind === 'function' && !this.#exports.has(index)) this.#exports.set(index, name);
    }
  }

  /** Whether the module exports a function. */
  isExported(functionIndex: number): boolean {
    return this.#exports.has(functionIndex);
  }

  /**
   * What a function is called: by the name section, with `$` before it, else as it is exported or
   * imported.
   *
   * @returns '' if nothing names it. Anything may stand in it.
   */
  of(functionIndex: number): string {
    const own = this.#printer.name(functionIndex);
    return own ?? this.#exports.get(functionIndex) ?? this.#imports[functionIndex] ?? '';
  }
}
