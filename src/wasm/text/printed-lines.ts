import { TextLine } from './text-line.ts';

/** How a function is printed. Missing or `undefined` means the default. */
export interface PrintOptions {
  /** How many lines at most, the head included; 10,000 by default. */
  readonly lines?: number | undefined;
  /** How many characters a line has at most, beside a note that it is cut; 1,000 by default. */
  readonly lineLength?: number | undefined;
  /**
   * Whether blocks have the names that the module gives them: true by default. Without them two
   * functions can be compared that have different blocks around the same code.
   */
  readonly labelNames?: boolean | undefined;
}

const LINES = 10_000;
const LINE_LENGTH = 1_000;

/** A line of a function: an instruction, or a part of the function's head. */
export interface PrintedLine {
  /** The text, without indentation. */
  readonly text: string;
  /** How many blocks are open around it, the function's body included: 0 for the head. */
  readonly depth: number;
  /**
   * Where the instruction begins, in bytes from the start of the module; `undefined` for the lines
   * of the head. The closing parenthesis is the last `end`.
   */
  readonly start: number | undefined;
}

/** A function as text. */
export interface PrintedFunction {
  readonly lines: readonly PrintedLine[];
  /**
   * Whether all of it was printed. If not, its text is not in the text format: lines were left out
   * at the end, or a line was cut.
   */
  readonly complete: boolean;
}

/** The lines of a function under construction, within their limits. */
export class PrintedLines {
  readonly #most: number;
  readonly #lineLength: number;
  readonly #lines: { readonly line: TextLine; readonly depth: number; readonly start: number | undefined }[] = [];

  constructor({ lines = LINES, lineLength = LINE_LENGTH }: PrintOptions) {
    this.#most = lines;
    this.#lineLength = lineLength;
  }

  /** Whether no line may be added. */
  get full(): boolean {
    return this.#lines.length >= this.#most;
  }

  /** Adds a line. @returns the line, which is still empty. */
  add(depth: number, start?: number): TextLine {
    const line = new TextLine(this.#lineLength);
    this.#lines.push({ line, depth, start });
    return line;
  }

  /** @param whole whether no line was left out. */
  print(whole: boolean): PrintedFunction {
    const lines = this.#lines.map(({ line, depth, start }) => ({ text: line.text, depth, start }));
    return { lines, complete: whole && this.#lines.every(({ line }) => !line.cut) };
  }
}

/** Text is not indented further: the lines of deep blocks would be mostly spaces. */
const INDENTATION_MAX = 40;

/**
 * Joins the lines of a function.
 *
 * @returns the text, indented by blocks, up to 40 levels.
 */
export function printedText({ lines }: PrintedFunction): string {
  return lines.map(({ text, depth }) => `${'  '.repeat(Math.min(depth, INDENTATION_MAX))}${text}`).join('\n');
}
