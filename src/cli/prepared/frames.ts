import { Buffer } from 'node:buffer';

/** How the parent of a confined run starts the child: the first argument of the program. */
export const CONFINED = '--confined-child';

/**
 * What the child says to its parent, on its standard output.
 *
 * - `ready`: it can take the plugin.
 * - `run`: a run of the plugin begins. The amount is its `wallMs`.
 * - `stdin`: it needs the standard input of the parent.
 * - `out`: it writes bytes, which follow. The amount is their number.
 */
export type FrameKind = 'ready' | 'run' | 'stdin' | 'out';

/** What the parent reads. An output may come in pieces. */
export type Frame =
  | { readonly kind: Exclude<FrameKind, 'out'>; readonly amount: number }
  | { readonly kind: 'out'; readonly bytes: Uint8Array };

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
  #unread = Buffer.alloc(0);
  /** How many bytes of an output are still to come. */
  #output = 0;

  /**
   * Reads more bytes.
   *
   * @returns the frames that are complete, and the pieces of outputs.
   * @throws TypeError if the bytes are not frames.
   */
  read(bytes: Uint8Array): Frame[] {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    if (this.#output > 0) return this.#unread.length === 0 ? undefined : this.#piece();
    const end = this.#unread.indexOf(LINE_FEED);
    if (end < 0 && this.#unread.length < LINE_MAX) return undefined;
    const [, kind, digits] = /^(ready|run|stdin|out) (\S+)$/.exec(this.#take(Math.max(0, end)).toString()) ?? [];
    const amount = Number(digits);
    if (kind === undefined || Number.isNaN(amount)) throw new TypeError('the child process wrote what is not a frame');
    this.#take(1);
    // The cast: the pattern lists the kinds.
    if (kind !== 'out') return { kind: kind as Exclude<FrameKind, 'out'>, amount };
    this.#output = amount;
    return this.#next();
  }

  #piece(): Frame {
    const bytes = this.#take(Math.min(this.#output, this.#unread.length));
    this.#output -= bytes.length;
    return { kind: 'out', bytes };
  }

  #take(count: number): Buffer {
    const taken = this.#unread.subarray(0, count);
    this.#unread = this.#unread.subarray(count);
    return taken;
  }
}
