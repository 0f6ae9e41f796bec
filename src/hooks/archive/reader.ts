import { Refusal } from '../../json/text/refusal.ts';
import { tryDecodeUtf8 } from '../../json/text/utf8.ts';
import type { ArchiveDecodeFailureKind } from './decode-error.ts';

/** Shorter ASCII texts are decoded in a loop: calling the engine's decoder takes longer. */
const LOOP_MAX = 32;

/** The place of an archive that the reader refuses, in bytes from the beginning. */
export type ArchiveRefusal = Refusal<ArchiveDecodeFailureKind, number>;

/** Refuses an archive. */
export function refuseArchive(kind: ArchiveDecodeFailureKind, offset: number, expected: string, found: string): never {
  throw new Refusal(kind, expected, found, offset);
}

/**
 * Reads an archive.
 *
 * The reader keeps a window in which the next thing that is pointed to must lie. While the reader
 * is inside a target, the window ends where the target begins. Afterwards it begins where the
 * target ended. So everything lies in front of what points to it, in order, and nothing is read
 * twice. The work is bounded by the size of the archive.
 */
export class ArchiveReader {
  readonly view: DataView;
  readonly #bytes: Uint8Array;
  readonly #elementsMax: number;
  #start = 0;
  #end: number;
  #elements = 0;

  /** @param elementsMax the most elements of all lists together. */
  constructor(bytes: Uint8Array, elementsMax: number) {
    this.#bytes = bytes;
    this.#elementsMax = elementsMax;
    this.#end = bytes.length;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Returns the count of the pointer at a place: elements or bytes. */
  countAt(place: number): number {
    return this.view.getUint32(place + 4, true);
  }

  /** Returns the target of the pointer at a place. It is not checked. */
  targetAt(place: number): number {
    return place + this.view.getInt32(place, true);
  }

  /**
   * Enters a target: checks that it lies in the window and is aligned.
   *
   * @param size of the target in bytes.
   * @param align of the target in bytes.
   * @param place of what points to the target, for an error.
   * @returns the end of the window, for {@link leave}.
   */
  enter(target: number, size: number, align: number, place: number): number {
    const after = target + size;
    const { length } = this.#bytes;
    if (target < 0 || after > length)
      return refuseArchive('OutsideArchive', place, `bytes within 0 to ${length}`, `${target} to ${after}`);
    if (target < this.#start || after > this.#end)
      return refuseArchive('OutOfOrder', place, `bytes within ${this.#start} to ${this.#end}`, `${target} to ${after}`);
    if (target % align !== 0) return refuseArchive('Misaligned', place, `a multiple of ${align}`, `byte ${target}`);
    const end = this.#end;
    this.#end = target;
    return end;
  }

  /**
   * Leaves a target.
   *
   * @param after the end of the target.
   * @param end what {@link enter} returned.
   */
  leave(after: number, end: number): void {
    this.#start = after;
    this.#end = end;
  }

  /**
   * Counts the elements of a list before they are read.
   *
   * @param place of what points to the list, for an error.
   */
  takeElements(count: number, place: number): void {
    this.#elements += count;
    if (this.#elements > this.#elementsMax)
      refuseArchive('TooManyElements', place, `at most ${this.#elementsMax} in all lists`, `${this.#elements}`);
  }

  /** Reads the bytes that the pointer at a place points to, and copies them. */
  readBytes(place: number): Uint8Array<ArrayBuffer> {
    const size = this.countAt(place);
    const target = this.#pass(place, size);
    return new Uint8Array(this.#bytes.subarray(target, target + size));
  }

  /** Reads the text that the pointer at a place points to. */
  readText(place: number): string {
    const size = this.countAt(place);
    const target = this.#pass(place, size);
    const bytes = this.#bytes;
    if (size <= LOOP_MAX) {
      let text = '';
      let index = target;
      for (; index < target + size; index++) {
        const byte = bytes[index] ?? 0;
        if (byte >= 0x80) break;
        text += String.fromCharCode(byte);
      }
      if (index === target + size) return text;
    }
    const text = tryDecodeUtf8(bytes.subarray(target, target + size));
    if (typeof text === 'string') return text;
    return refuseArchive('InvalidUtf8', target + text, 'UTF-8', 'another byte');
  }

  /** Passes a target of bytes, which points to nothing. */
  #pass(place: number, size: number): number {
    const target = this.targetAt(place);
    const end = this.enter(target, size, 1, place);
    this.leave(target + size, end);
    return target;
  }
}
