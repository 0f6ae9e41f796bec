import { printable } from '../../printable.ts';
import type { Output } from './terminal.ts';

/** How long something takes before its progress is shown, in milliseconds. */
const QUIET_MS = 1000;

/** The most characters of the line, so that it fits on one of the terminal. */
const WIDTH = 70;

const ERASE_LINE = '\r\u001b[K';

/** A line of a terminal that shows how far something is. Nothing is shown anywhere else. */
export class ProgressLine {
  readonly #output: Output;
  readonly #startedAt = performance.now();
  #isShown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Shows a text instead of the one before; nothing in the first second. */
  show(text: string): void {
    if (this.#output.erasesLines !== true || performance.now() - this.#startedAt < QUIET_MS) return;
    this.#isShown = true;
    this.#output.write(ERASE_LINE + printable(text).slice(0, WIDTH));
  }

  /** Erases the line. Must be called before anything else is written to the terminal. */
  erase(): void {
    if (this.#isShown) this.#output.write(ERASE_LINE);
    this.#isShown = false;
  }

  /** Returns an output that erases the line before it writes other text. */
  beside(output: Output): Output {
    const write: Output['write'] = (content) => {
      this.erase();
      output.write(content);
    };
    return { color: output.color, isTerminal: output.isTerminal === true, write };
  }
}
