import type { SseEvent } from '../messages/shape.ts';
import { CR, LF, visitLines } from './event-lines.ts';
import { HookPolicyError } from './policy-error.ts';

/*
 * Server-sent events (HTML Living Standard, section 9.2), on bytes: plugins get the bytes of the
 * data, and an event that no plugin changes passes on byte for byte.
 */

const SPACE = 0x20;
const COLON = 0x3a;

/** A byte order mark, which may stand before the first line of a stream. */
export const BOM: readonly number[] = [0xef, 0xbb, 0xbf];

/** The bytes up to a blank line, including it. */
export interface EventBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The event; `undefined` for a block without data, such as a comment: clients see no event. */
  readonly event: SseEvent | undefined;
}

/**
 * Splits a stream into blocks. The blocks do not depend on how the stream is cut into chunks, and
 * together they are its bytes.
 */
export class EventReader {
  readonly #max: number;
  /** The unread bytes are those from `#start` to `#end`. */
  #buffer = new Uint8Array(1024);
  #start = 0;
  #end = 0;
  /** Up to where the unread bytes were searched for a blank line. */
  #searched = 0;
  #isLineEmpty = true;
  #isAfterCr = false;
  #isFirstBlock = true;

  /** @param max the most bytes of a block. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Adds the next bytes of the stream. They are copied. */
  push(chunk: Uint8Array): void {
    const unread = this.#end - this.#start;
    if (this.#end + chunk.length > this.#buffer.length) {
      const size = unread + chunk.length;
      // Twice what is needed, so that a long event in small chunks is copied a few times only.
      const buffer = size > this.#buffer.length / 2 ? new Uint8Array(2 * size) : this.#buffer;
      buffer.set(this.#buffer.subarray(this.#start, this.#end));
      this.#buffer = buffer;
      this.#searched -= this.#start;
      this.#start = 0;
      this.#end = unread;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /**
   * Reads the next block.
   *
   * @returns `undefined` if there is no blank line yet.
   * @throws HookPolicyError `EventTooLarge`. {@link rest} then has the bytes of the block too.
   */
  next(): EventBlock | undefined {
    const end = this.#findEnd();
    const size = (end ?? this.#end) - this.#start;
    if (size > this.#max) throw new HookPolicyError({ kind: 'EventTooLarge', max: this.#max });
    if (end === undefined) return undefined;
    const bytes = this.#buffer.slice(this.#start, end);
    this.#start = end;
    const isFirst = this.#isFirstBlock;
    this.#isFirstBlock = false;
    return { bytes, event: eventOf(isFirst && startsWithBom(bytes) ? bytes.subarray(BOM.length) : bytes) };
  }

  /** Takes all bytes that were not read. */
  rest(): Uint8Array<ArrayBuffer> {
    const bytes = this.#buffer.slice(this.#start, this.#end);
    this.#start = this.#end;
    return bytes;
  }

  /**
   * Returns where the next block ends. CR ends a line at once: waiting for a possible LF would
   * delay the event. That LF is then a block of its own, without an event.
   */
  #findEnd(): number | undefined {
    const [buffer, start, unreadEnd] = [this.#buffer, this.#start, this.#end];
    let [at, isLineEmpty, isAfterCr] = [this.#searched, this.#isLineEmpty, this.#isAfterCr];
    let end: number | undefined;
    while (end === undefined && at < unreadEnd) {
      const byte = buffer[at++];
      if (byte !== LF && byte !== CR) {
        isLineEmpty = isAfterCr = false;
        continue;
      }
      const isSecondOfCrLf = byte === LF && isAfterCr;
      isAfterCr = byte === CR;
      const isBlank = isSecondOfCrLf ? at - start === 1 : isLineEmpty;
      if (isBlank) end = at;
      isLineEmpty = true;
    }
    [this.#searched, this.#isLineEmpty, this.#isAfterCr] = [at, isLineEmpty, isAfterCr];
    return end;
  }
}

function startsWithBom(bytes: Uint8Array): boolean {
  return BOM.every((byte, index) => bytes[index] === byte);
}

const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads the fields `event` and `data` of a block; others do not reach plugins. */
function eventOf(block: Uint8Array): SseEvent | undefined {
  let event = '';
  const data = new Uint8Array(block.length);
  // The lines of the data with their line ends.
  let size = 0;
  visitLines(block, (start, end) => {
    let colon = start;
    while (colon < end && block[colon] !== COLON) colon++;
    const value = block.subarray(colon + (block[colon + 1] === SPACE ? 2 : 1), end);
    if (isName('event', block, start, colon)) event = utf8.decode(value);
    if (!isName('data', block, start, colon)) return;
    data.set(value, size);
    size += value.length;
    data[size++] = LF;
  });
  return size === 0 ? undefined : { event, data: data.slice(0, size - 1) };
}

function isName(name: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== name.length) return false;
  for (let index = 0; index < name.length; index++) if (bytes[start + index] !== name.charCodeAt(index)) return false;
  return true;
}
