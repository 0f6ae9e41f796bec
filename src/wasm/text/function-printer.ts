import { ByteReader } from '../encoding/byte-reader.ts';
import { readU32 } from '../encoding/leb128.ts';
import { readValueType } from '../encoding/types.ts';
import { CodeReader } from '../grammar/code-reader.ts';
import { readLocals } from '../grammar/function-locals.ts';
import { functionType, readModule, type WasmModule } from '../grammar/module.ts';
import { SECTION, sectionReader } from '../grammar/sections.ts';
import { Declarations } from './declarations.ts';
import { quoted } from './identifiers.ts';
import { indexText, opcodeText, type TextScope, writeImmediates } from './instruction-text.ts';
import { ModuleNames, NO_IDENTIFIERS } from './module-names.ts';
import { OpenLabels } from './open-labels.ts';
import { type PrintedFunction, PrintedLines, type PrintOptions, printedText } from './printed-lines.ts';
import type { TextLine } from './text-line.ts';

/** The function that is being printed. */
interface Printing extends TextScope {
  readonly functionIndex: number;
  readonly out: PrintedLines;
}

/**
 * Prints functions of one module in the text format of WebAssembly (specification 6), one
 * instruction a line, not folded.
 *
 * Names come from the name section. Where it has none, an index stands; a branch then also says
 * which block it leads to: `br 1 (;@3;)` leads to `block (;@3;)`, the third block of the function,
 * and `@0` is the function itself. Names of over 200 bytes are left out, and of several that are
 * equal all but the first.
 *
 * The module must be well-formed, but need not be valid. Whatever it contains, the text has no
 * control characters, and no more lines and characters than the limits allow.
 */
export class FunctionPrinter {
  readonly #bytes: Uint8Array;
  readonly #module: WasmModule;
  readonly #names: ModuleNames;
  readonly #imported: number;
  /** Where each body ends: it begins with its size, where the one before ends. */
  readonly #bodies: readonly ByteReader[];

  /**
   * @param bytes of the module.
   * @param module what `readModule` returned for the bytes; it is read if it is left out.
   * @throws WasmFormatError if the bytes are not a module.
   */
  constructor(bytes: Uint8Array, module: WasmModule = readModule(bytes)) {
    this.#bytes = bytes;
    this.#module = module;
    this.#names = new ModuleNames(bytes, module.sections);
    this.#bodies = functionBodies(bytes, module);
    this.#imported = module.functions.length - this.#bodies.length;
  }

  /**
   * What the name section calls a function.
   *
   * @returns the identifier of the text format, with its `$`; `undefined` if it has none.
   */
  name(functionIndex: number): string | undefined {
    return this.#names.of('function', functionIndex);
  }

  /** How many bytes the body of a function has, its locals included; 0 if it is imported. */
  bodyBytes(functionIndex: number): number {
    const body = this.#bodies[functionIndex - this.#imported];
    return body === undefined ? 0 : body.end - body.offset;
  }

  /**
   * Prints a function.
   *
   * @param functionIndex of the function, imports first.
   * @returns its lines. An imported function is one line.
   * @throws RangeError if the module has no such function; WasmFormatError for malformed code.
   */
  print(functionIndex: number, options: PrintOptions = {}): PrintedFunction {
    const { functions } = this.#module;
    if (functions[functionIndex] === undefined)
      throw new RangeError(`the module has ${functions.length} functions, none with the index ${functionIndex}`);
    const names = this.#names;
    const printing: Printing = {
      module: this.#module,
      names,
      locals: names.locals(functionIndex),
      labels: new OpenLabels(options.labelNames === false ? NO_IDENTIFIERS : names.labels(functionIndex)),
      functionIndex,
      out: new PrintedLines(options),
    };
    const body = this.#bodies[functionIndex - this.#imported];
    const whole = body === undefined ? writeImport(printing) : this.#body(printing, body);
    return printing.out.print(whole);
  }

  /** @returns whether all of it was written. */
  #body(printing: Printing, { offset, end }: ByteReader): boolean {
    const { labels, out } = printing;
    writeHead(printing, out.add(0).add('(func'));
    const body = new ByteReader(this.#bytes, offset, end);
    const { count, codeOffset } = readLocals(body);
    if (count > 0) writeLocals(printing, new ByteReader(this.#bytes, offset, codeOffset));
    const code = new CodeReader(body);
    while (labels.depth > 0 && !out.full) {
      code.next();
      writeInstruction(printing, code);
    }
    return labels.depth === 0;
  }
}

/**
 * Prints a function of a module in the text format of WebAssembly, as {@link FunctionPrinter}
 * does, which is for several functions of one module.
 *
 * @param bytes of the module.
 * @param functionIndex of the function, imports first.
 * @returns the text, indented by blocks. Its last line says so if lines were left out.
 * @throws WasmFormatError if the bytes are not a module, or the code is malformed; RangeError if
 * the module has no such function.
 */
export function printFunction(bytes: Uint8Array, functionIndex: number, options: PrintOptions = {}): string {
  const printed = new FunctionPrinter(bytes).print(functionIndex, options);
  return printed.complete ? printedText(printed) : `${printedText(printed)}\n;; not all of the function is shown`;
}

function functionBodies(bytes: Uint8Array, { sections }: WasmModule): ByteReader[] {
  const section = sections.find(({ id }) => id === SECTION.code);
  if (section === undefined) return [];
  const reader = sectionReader(bytes, section);
  return Array.from({ length: readU32(reader) }, () => reader.part(readU32(reader), 'a function body'));
}

/** @returns true: it is always written as a whole. */
function writeImport(printing: Printing): true {
  const { module, functionIndex, out } = printing;
  const wanted = module.imports.filter(({ kind }) => kind === 'function')[functionIndex];
  const line = out.add(0).add('(import');
  if (wanted !== undefined) line.add(quoted(wanted.module)).add(quoted(wanted.name));
  writeHead(printing, line.add('(func'));
  line.append('))');
  return true;
}

/** The identifier of the function, its index and type, and its parameters by name. */
function writeHead(scope: Printing, line: TextLine): void {
  const { module, names, locals, functionIndex } = scope;
  line.add(names.of('function', functionIndex) ?? '').add(`(;${functionIndex};)`);
  line.add(`(type ${indexText(scope, 'type', module.functions[functionIndex] ?? 0)})`);
  const type = functionType(module, functionIndex);
  if (type === undefined) return;
  const params = new Declarations('param', locals, 0);
  for (const param of type.params) {
    if (line.cut) return;
    params.add(line, param);
  }
  params.end(line);
  if (type.results.length > 0) line.add('(result');
  for (const result of type.results) {
    if (line.cut) return;
    line.add(result);
  }
  if (type.results.length > 0) line.append(')');
}

/** @param groups from their count on: each is a count and a type. */
function writeLocals({ module, locals, functionIndex, out }: Printing, groups: ByteReader): void {
  const line = out.add(1);
  const declared = new Declarations('local', locals, functionType(module, functionIndex)?.params.length ?? 0);
  for (let left = readU32(groups); left > 0; left--) {
    const count = readU32(groups);
    const type = readValueType(groups);
    for (let local = 0; local < count && !line.cut; local++) declared.add(line, type);
  }
  declared.end(line);
}

/** Writes the latest instruction, and takes note of the block that it opens or closes. */
function writeInstruction(printing: Printing, code: CodeReader): void {
  const { labels, out } = printing;
  const { instruction, start } = code;
  const { control, opcode, stack } = instruction;
  const ends = control === 'end';
  const isMark = ends || control === 'else' || control === 'catch';
  const line = out.add(labels.depth - (isMark ? 1 : 0), start);
  line.add(ends && labels.depth === 1 ? ')' : opcodeText(opcode));
  const opens = stack.kind === 'block';
  if (opens) line.add(labels.next);
  writeImmediates(printing, code, line);
  if (opens) labels.begin();
  if (ends) labels.end();
}
