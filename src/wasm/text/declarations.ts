import type { Identifiers } from './module-names.ts';
import type { TextLine } from './text-line.ts';

/** Writes the parameters or locals of a function: those without a name share their parentheses. */
export class Declarations {
  readonly #keyword: string;
  readonly #identifiers: Identifiers;
  #index: number;
  #open = false;

  /** @param index of the first one. */
  constructor(keyword: 'param' | 'local', identifiers: Identifiers, index: number) {
    this.#keyword = keyword;
    this.#identifiers = identifiers;
    this.#index = index;
  }

  /** Writes the next one. */
  add(line: TextLine, type: string): void {
    const identifier = this.#identifiers.of(this.#index++);
    if (identifier !== undefined) {
      this.end(line);
      line.add(`(${this.#keyword} ${identifier} ${type})`);
      return;
    }
    if (!this.#open) line.add(`(${this.#keyword}`);
    this.#open = true;
    line.add(type);
  }

  /** There are no more. */
  end(line: TextLine): void {
    if (this.#open) line.append(')');
    this.#open = false;
  }
}
