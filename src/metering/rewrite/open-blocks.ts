import type { Region } from './region.ts';

/**
 * How a block was opened. `handler` is a `try` or a `try_table`, `body` the function's own body.
 */
export type BlockKind = 'body' | 'block' | 'loop' | 'if' | 'handler';

/**
 * No target: deeper than any block. A small integer, so that engines store it as they store depths.
 */
const NOWHERE = 2 ** 30;

/**
 * An open block: all that the parts of metering keep of it. There is one for every block of a
 * module, so a closed one is used again. Opening it sets what every block has.
 */
export class Block {
  kind: BlockKind = 'body';

  // The operand stack.

  /** The height below the block's parameters. */
  base = 0;
  params = 0;
  results = 0;

  // Labels.

  /** How many blocks metering adds around it and those that it is in. */
  added = 0;

  // Regions.

  /** The region that was open where the block begins. */
  before: Region | undefined = undefined;
  /** The region at the head of a loop; `undefined` for other blocks. */
  head: Region | undefined = undefined;
  /** Of a loop: the latest region that ends in a branch back to its head. */
  backEdge: Region | undefined = undefined;
  /** Of a loop: whether those are all that come back. */
  backEdgesKnown = false;
  /** Of an `if`: the regions that its arms begin with. */
  firstArm: Region | undefined = undefined;
  secondArm: Region | undefined = undefined;
  /** Of an `if`: whether each arm so far begins with a region that only charges. */
  armsKnown = false;
  /** Whether the code before it ends without reaching it. */
  dead = false;
  /** Whether the code after it is reached by branches too, not only from its last instruction. */
  targeted = false;
  /** Whether a catch clause goes to this block's label. */
  catches = false;
  /**
   * The depth of the outermost block that a branch inside targets; -1 if the function may be left.
   */
  leavesFor = NOWHERE;

  // Exceptions.

  /** The place of a handler among those of the function; -1 for other blocks. */
  handler = -1;

  begin(kind: BlockKind, added: number, before: Region | undefined, dead: boolean): void {
    this.kind = kind;
    this.added = added;
    this.before = before;
    this.head = undefined;
    this.backEdge = undefined;
    this.backEdgesKnown = kind === 'loop';
    this.firstArm = undefined;
    this.secondArm = undefined;
    this.armsKnown = kind === 'if';
    this.dead = dead;
    // Without an `else`, what follows the end of an `if` is reached from its beginning too.
    this.targeted = kind === 'if';
    this.catches = false;
    this.leavesFor = NOWHERE;
    this.handler = -1;
  }
}

/** The open blocks of a function, from its body to the innermost. */
export class OpenBlocks {
  readonly #entries: Block[] = [];
  readonly #outside = new Block();
  /** How many blocks are open. */
  depth = 0;
  /** The innermost block. If none is open it is one that stands for all that is outside. */
  innermost: Block = this.#outside;

  /** A function begins: no block is open. */
  clear(): void {
    this.depth = 0;
    this.innermost = this.#outside;
  }

  /** A block opens. Returns its entry, which holds what another block left in it. */
  open(): Block {
    const depth = this.depth++;
    // Reading past the end of an array takes an engine much longer than a comparison.
    let block = depth < this.#entries.length ? this.#entries[depth] : undefined;
    if (block === undefined) {
      block = new Block();
      this.#entries.push(block);
    }
    this.innermost = block;
    return block;
  }

  /** The innermost block closes. Returns its entry, which is good until another opens. */
  close(): Block {
    const closed = this.innermost;
    if (this.depth > 0) this.depth--;
    this.innermost = (this.depth > 0 ? this.#entries[this.depth - 1] : undefined) ?? this.#outside;
    return closed;
  }

  /** The block of a label, counted from the innermost, 0; `undefined` if there is none. */
  ofLabel(label: number): Block | undefined {
    return label < this.depth ? this.#entries[this.depth - 1 - label] : undefined;
  }
}
