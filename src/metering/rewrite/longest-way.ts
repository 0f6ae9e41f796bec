import { OpenBlocks } from './open-blocks.ts';

/** Stands for a way that nothing takes: code that is never executed. */
const NO_WAY = -1;

/** A block that is open, with lengths of ways in bytes. */
interface OpenBlock {
  /** The longest way to its beginning. */
  before: number;
  /** The longest way to its end, by those branches and arms that were seen. */
  toEnd: number;
  isLoop: boolean;
}

/**
 * How many bytes of a function's code can be executed one after the other before control comes to
 * the head of a loop. An optimiser that joins blocks into one has at most these in it, whatever it
 * finds out about conditions: at the head of a loop metering looks at the counter, which is known
 * to nobody, so that two ways meet there in any case.
 *
 * Found in one pass, since all other branches go forward.
 */
export class LongestWay {
  readonly #blocks = new OpenBlocks<OpenBlock>(() => ({ before: 0, toEnd: NO_WAY, isLoop: false }));
  #length = 0;
  #at = 0;
  #longest = 0;

  /** A function begins, whose code begins at an offset. */
  begin(at: number): void {
    this.#blocks.clear();
    this.#length = 0;
    this.#at = at;
    this.#longest = 0;
    this.open('block', at);
  }

  /** The longest way so far, in bytes. */
  get longest(): number {
    return this.#longest;
  }

  /** The code up to an offset has been read. */
  #advance(at: number): void {
    if (this.#length !== NO_WAY) this.#length += at - this.#at;
    if (this.#length > this.#longest) this.#longest = this.#length;
    this.#at = at;
  }

  /** A block opens with the instruction that ends at an offset. */
  open(kind: 'block' | 'loop' | 'if', at: number): void {
    this.#advance(at);
    const block = this.#blocks.open();
    block.before = this.#length;
    // Without an `else`, control may come from the beginning of an `if` to its end.
    block.toEnd = kind === 'if' ? this.#length : NO_WAY;
    block.isLoop = kind === 'loop';
    if (kind === 'loop' && this.#length !== NO_WAY) this.#length = 0;
  }

  /** The other arm of an `if` begins at an offset. */
  otherArm(at: number): void {
    this.#advance(at);
    const block = this.#blocks.innermost;
    if (block === undefined) return;
    block.toEnd = Math.max(block.toEnd, this.#length);
    this.#length = block.before;
  }

  /** At an offset is a branch to a label, counted from the innermost, 0. */
  branch(label: number, at: number): void {
    this.#advance(at);
    const block = this.#blocks.ofLabel(label);
    if (block !== undefined && !block.isLoop) block.toEnd = Math.max(block.toEnd, this.#length);
  }

  /** The instruction that ends at an offset never continues with the next one. */
  dead(at: number): void {
    this.#advance(at);
    this.#length = NO_WAY;
  }

  /** The innermost block closes at an offset. */
  close(at: number): void {
    this.#advance(at);
    const block = this.#blocks.close();
    if (block !== undefined) this.#length = Math.max(this.#length, block.toEnd);
  }
}
