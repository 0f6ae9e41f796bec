import { Buffer } from 'node:buffer';

/** How the parent of a confined run starts the child: the first argument of the program. */
export const CONFINED = '--confined-child';

/**
 * What the child says to its parent, on its standard output.
 *
 * - `ready`: it can take the plugin.
 * - `run`: a run of the plugin begins. The amount is its `wallMs`.
 * - `stdin`: it needs the standard input of the parent.
 * - `answer`: its answer follows. The amount is the number of its bytes.
 */
export type FrameKind = 'ready' | 'run' | 'stdin' | 'answer';

/** What the parent reads. */
export interface Frame {
  readonly kind: FrameKind;
  readonly amount: number;
  /** Of an answer. */
  readonly text: string;
}

/**
 * What the parent writes to the child: JSON, after its length as an u32. The bytes of the plugin
 * follow, and then the parent's standard input if the child needs it.
 */
export interface ConfinedOrder {
  /** The path of the plugin's file, or `-`. */
  readonly file: string;
  readonly pluginBytes: number;
  /** How the streams of the parent are. */
  readonly stdout: StreamLook;
  readonly stderr: StreamLook;
}

/** What a command asks of a stream. */
export interface StreamLook {
  readonly color: boolean;
  readonly isTerminal: boolean;
  readonly erasesLines: boolean;
}

/** The bytes of the length before a {@link ConfinedOrder}. */
export const ORDER_LENGTH_BYTES = 4;

/** A frame begins with a line of less than this many bytes. */
const LINE_MAX = 64;

const LINE_FEED = 0x0a;

/** The line that begins a frame. */
export function frameLine(kind: FrameKind, amount = 0): string {
  return `${kind} ${amount}\n`;
}

/** Takes what the child writes apart. */
export class FrameReader {
  /** What came since the last frame, in pieces. */
  #pieces: Uint8Array[] = [];
  #unread = Buffer.alloc(0);
  /** The answer of which only the line was read. */
  #begun: Frame | undefined;

  /**
   * Reads more bytes.
   *
   * @returns the frames that are complete.
   * @throws TypeError if the bytes are not frames.
   */
  read(bytes: Uint8Array): Frame[] {
    this.#pieces.push(bytes);
    const length = this.#pieces.reduce((sum, piece) => sum + piece.length, this.#unread.length);
    // An answer of megabytes comes in many pieces, which are joined once.
    if (this.#begun !== undefined && length < this.#begun.amount) return [];
    this.#unread = Buffer.concat([this.#unread, ...this.#pieces]);
    this.#pieces = [];
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    const begun = this.#begun ?? this.#line();
    const isWhole = begun?.kind !== 'answer' || this.#unread.length >= begun.amount;
    this.#begun = isWhole ? undefined : begun;
    if (begun === undefined || !isWhole) return undefined;
    return begun.kind === 'answer' ? { ...begun, text: this.#take(begun.amount) } : begun;
  }

  #line(): Frame | undefined {
    const end = this.#unread.indexOf(LINE_FEED);
    if (end < 0 && this.#unread.length < LINE_MAX) return undefined;
    const [, kind, digits] = /^(ready|run|stdin|answer) (\S+)\n$/.exec(this.#take(end + 1)) ?? [];
    const amount = Number(digits);
    if (kind === undefined || Number.isNaN(amount)) throw new TypeError('the child process wrote what is not a frame');
    // The cast: the pattern lists the kinds.
    return { kind: kind as FrameKind, amount, text: '' };
  }

  #take(count: number): string {
    const text = this.#unread.toString('utf8', 0, count);
    this.#unread = this.#unread.subarray(count);
    return text;
  }
}
