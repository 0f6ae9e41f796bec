/** What stands where a line was cut. */
const CUT = '(; cut: the line is too long ;)';

/** A line of text under construction, of a bounded length. */
export class TextLine {
  readonly #max: number;
  #text = '';
  #cut = false;

  /** @param max how many characters the line may have. A note that it was cut comes on top. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Appends a token after a space. After the first that does not fit, nothing is appended. */
  add(token: string): this {
    return this.append(this.#text === '' || token === '' ? token : ` ${token}`);
  }

  /** Appends to the latest token. */
  append(text: string): this {
    if (this.#cut) return this;
    if (this.#text.length + text.length > this.#max) this.#cut = true;
    else this.#text += text;
    return this;
  }

  /** Whether a token did not fit. What would write many more need not. */
  get cut(): boolean {
    return this.#cut;
  }

  get text(): string {
    return this.#cut ? `${this.#text} ${CUT}` : this.#text;
  }
}
