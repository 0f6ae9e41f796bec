import type { Identifiers } from './module-names.ts';

/** A block that is open, with what branches to it are written as. */
interface OpenLabel {
  /** How many blocks began before it in the function; 0 for the function's body. */
  readonly number: number;
  readonly identifier: string | undefined;
}

/**
 * The blocks that are open where a line is printed. An inner block may have the identifier of an
 * outer one, which then cannot be named within it.
 */
export class OpenLabels {
  readonly #identifiers: Identifiers;
  readonly #open: OpenLabel[] = [{ number: 0, identifier: undefined }];
  /** By identifier: the places in `#open` of the blocks that have it. */
  readonly #places = new Map<string, number[]>();
  #begun = 0;

  /** @param identifiers of the blocks of the function. */
  constructor(identifiers: Identifiers) {
    this.#identifiers = identifiers;
  }

  /** How many blocks are open, the function's body included. */
  get depth(): number {
    return this.#open.length;
  }

  /** What stands behind the opcode of the block that begins next: an identifier or a comment. */
  get next(): string {
    return this.#identifiers.of(this.#begun) ?? comment(this.#begun + 1);
  }

  /** A block begins. */
  begin(): void {
    const identifier = this.#identifiers.of(this.#begun);
    const place = this.#open.push({ number: ++this.#begun, identifier }) - 1;
    if (identifier === undefined) return;
    const places = this.#places.get(identifier);
    if (places === undefined) this.#places.set(identifier, [place]);
    else places.push(place);
  }

  /** The innermost block ends. */
  end(): void {
    const closed = this.#open.pop();
    if (closed?.identifier !== undefined) this.#places.get(closed.identifier)?.pop();
  }

  /**
   * What a branch to a label is written as.
   *
   * @param label counted from the innermost block, 0.
   * @param from how many of the innermost blocks it does not count.
   */
  text(label: number, from = 0): string {
    const place = this.#open.length - 1 - from - label;
    const target = this.#open[place];
    if (target === undefined) return String(label);
    const { identifier, number } = target;
    const innermost = identifier === undefined ? undefined : this.#places.get(identifier)?.at(-1);
    return identifier !== undefined && innermost === place ? identifier : `${label} ${comment(number)}`;
  }
}

function comment(number: number): string {
  return `(;@${number};)`;
}
