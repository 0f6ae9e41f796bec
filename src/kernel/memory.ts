import { KernelFunctionError } from './failure.ts';

/** The kernel functions through which the host itself makes, finds and frees blocks. */
export interface BlockFunctions {
  readonly memory: WebAssembly.Memory;
  alloc(length: bigint): bigint;
  free(handle: bigint): void;
  length(handle: bigint): bigint;
}

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** What the lenient decoder puts in the place of bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * Decodes UTF-8 without taking a byte order mark away.
 *
 * @returns `undefined` when the bytes are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return '';
  // Some engines check much more slowly than they decode; a text without replacements was valid.
  const text = lenientDecoder.decode(bytes);
  if (!text.includes(REPLACEMENT)) return text;
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Decodes UTF-8, with U+FFFD in the place of what is not. */
export function decodeUtf8Lossy(bytes: Uint8Array): string {
  return lenientDecoder.decode(bytes);
}

/** The host's view of kernel memory: blocks as bytes and text. */
export class KernelMemory {
  readonly #functions: BlockFunctions;
  #view: Uint8Array<ArrayBuffer>;

  constructor(functions: BlockFunctions) {
    this.#functions = functions;
    this.#view = new Uint8Array(this.#buffer);
  }

  /** All of kernel memory. Growth detaches it, so it is asked for anew after anything that may allocate. */
  get view(): Uint8Array<ArrayBuffer> {
    if (this.#view.length === 0) this.#view = new Uint8Array(this.#buffer);
    return this.#view;
  }

  get #buffer(): ArrayBuffer {
    // The kernel's memory is not declared as shared, so its buffer is a plain one.
    return this.#functions.memory.buffer as ArrayBuffer;
  }

  /**
   * The bytes of a block: a view, valid until the block is freed or memory grows. Handle 0 reads as no bytes.
   *
   * @throws KernelFunctionError when a handle other than 0 is not the start of a live block.
   */
  block(handle: bigint): Uint8Array<ArrayBuffer> {
    if (handle === 0n) return new Uint8Array(0);
    const length = this.#functions.length(handle);
    if (length === 0n) throw new KernelFunctionError(`invalid handle ${handle}: no live block starts there`);
    return this.range(handle, length);
  }

  /** A view of a range that the kernel has found to be in bounds. */
  range(offset: bigint, length: bigint): Uint8Array<ArrayBuffer> {
    const start = Number(offset);
    return this.view.subarray(start, start + Number(length));
  }

  /**
   * Text of a block.
   *
   * @param what names the block in the error.
   * @throws KernelFunctionError for an invalid handle, or bytes that are not UTF-8.
   */
  text(handle: bigint, what: string): string {
    const text = decodeUtf8(this.block(handle));
    if (text === undefined) throw new KernelFunctionError(`${what} is not valid UTF-8`);
    return text;
  }

  /**
   * Copies bytes into a new block.
   *
   * @returns its handle; 0 for no bytes.
   * @throws KernelFunctionError when kernel memory is exhausted.
   */
  write(bytes: Uint8Array): bigint {
    if (bytes.length === 0) return 0n;
    const handle = this.#functions.alloc(BigInt(bytes.length));
    if (handle === 0n) throw new KernelFunctionError(`kernel memory is exhausted: no block of ${bytes.length} bytes`);
    this.view.set(bytes, Number(handle));
    return handle;
  }

  /** Encodes text into a new block, as {@link write}. */
  writeText(text: string): bigint {
    return this.write(encoder.encode(text));
  }

  /** Frees a block; anything else is ignored. */
  free(handle: bigint): void {
    this.#functions.free(handle);
  }
}
