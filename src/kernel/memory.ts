import { translate } from '../failure.ts';
import { KernelFunctionError } from './functions.ts';

/** The kernel functions with which the host allocates, measures and frees blocks. */
export interface BlockFunctions {
  readonly memory: WebAssembly.Memory;
  alloc(length: bigint): bigint;
  free(handle: bigint): void;
  length(handle: bigint): bigint;
}

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Longer texts are decoded in pieces of this size. */
const PIECE_BYTES = 1 << 20;

/** A lenient decoder's replacement for bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * Decodes UTF-8 and keeps a byte order mark.
 *
 * @returns `undefined` if the bytes are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return '';
  // Some engines validate much more slowly than they decode. A text without U+FFFD was valid.
  const text = lenientDecoder.decode(bytes);
  if (!text.includes(REPLACEMENT)) return text;
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The host's view of kernel memory: blocks as bytes and text. */
export class KernelMemory {
  readonly #functions: BlockFunctions;
  readonly #spend: (bytes: number) => void;
  #view: Uint8Array<ArrayBuffer>;

  /**
   * @param spend is called with the number of bytes before they are read or written, and with 0
   * between the pieces of a long text. It throws to end the call.
   */
  constructor(functions: BlockFunctions, spend: (bytes: number) => void = () => undefined) {
    this.#functions = functions;
    this.#spend = spend;
    this.#view = new Uint8Array(this.#buffer);
  }

  /**
   * All of kernel memory. Growth detaches the view: get it again after anything that may allocate.
   */
  get view(): Uint8Array<ArrayBuffer> {
    if (this.#view.length === 0) this.#view = new Uint8Array(this.#buffer);
    return this.#view;
  }

  get #buffer(): ArrayBuffer {
    // The kernel declares its memory as not shared, so the buffer is an ArrayBuffer.
    return this.#functions.memory.buffer as ArrayBuffer;
  }

  /**
   * Returns the bytes of a block.
   *
   * @returns a view, valid until the block is freed or memory grows; no bytes for handle 0.
   * @throws KernelFunctionError if a handle other than 0 is not the start of a live block.
   */
  block(handle: bigint): Uint8Array<ArrayBuffer> {
    if (handle === 0n) return new Uint8Array(0);
    const length = this.#functions.length(handle);
    if (length === 0n) throw new KernelFunctionError(`invalid handle ${handle}: no live block starts there`);
    this.#spend(Number(length));
    return this.range(handle, length);
  }

  /** Returns a view of a range that the kernel has checked. */
  range(offset: bigint, length: bigint): Uint8Array<ArrayBuffer> {
    const start = Number(offset);
    return this.view.subarray(start, start + Number(length));
  }

  /**
   * Decodes the text of a block.
   *
   * @param what names the block in the error.
   * @throws KernelFunctionError if the handle is invalid or the bytes are not UTF-8.
   */
  text(handle: bigint, what: string): string {
    const bytes = this.block(handle);
    const text = this.#decode(bytes, lenientDecoder);
    // As in decodeUtf8: a text without U+FFFD was valid.
    if (!text.includes(REPLACEMENT)) return text;
    return translate(
      () => this.#decode(bytes, strictDecoder),
      TypeError,
      () => new KernelFunctionError(`${what} is not valid UTF-8`),
    );
  }

  /**
   * Decodes the text of a block, with U+FFFD for bytes that are not UTF-8.
   *
   * @throws KernelFunctionError if the handle is invalid.
   */
  lossyText(handle: bigint): string {
    return this.#decode(this.block(handle), lenientDecoder);
  }

  /**
   * Decodes a text, and reads the clock between the pieces of a long one. Engines take up to 20 ns
   * for a byte that is not UTF-8.
   */
  #decode(bytes: Uint8Array, whole: TextDecoder): string {
    if (bytes.length <= PIECE_BYTES) return whole.decode(bytes);
    const decoder = new TextDecoder(whole.encoding, { fatal: whole.fatal, ignoreBOM: whole.ignoreBOM });
    let text = '';
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      this.#spend(0);
      const to = from + PIECE_BYTES;
      text += decoder.decode(bytes.subarray(from, to), { stream: to < bytes.length });
    }
    return text;
  }

  /**
   * Copies bytes into a new block.
   *
   * @returns its handle; 0 for no bytes.
   * @throws KernelFunctionError if kernel memory is exhausted.
   */
  write(bytes: Uint8Array): bigint {
    if (bytes.length === 0) return 0n;
    this.#spend(bytes.length);
    const handle = this.#functions.alloc(BigInt(bytes.length));
    if (handle === 0n)
      throw new KernelFunctionError(`kernel memory is exhausted: cannot allocate ${bytes.length} bytes`);
    this.view.set(bytes, Number(handle));
    return handle;
  }

  /** Encodes text into a new block, as {@link write} does. */
  writeText(text: string): bigint {
    return this.write(encoder.encode(text));
  }

  /** Frees a block. Ignores any other handle. */
  free(handle: bigint): void {
    this.#functions.free(handle);
  }
}
