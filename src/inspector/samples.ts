import { decodeBase64 } from '../base64.ts';

/** A plugin that is in the page, for a reader who has none at hand. */
export interface Sample {
  /** Its id in the address of the page. */
  readonly id: string;
  readonly file: string;
  /** What it shows, in a few words. */
  readonly about: string;
  readonly group: string;
  /** The module, as base64. */
  readonly base64: string;
}

/**
 * Reads the samples that the build put into the page.
 *
 * @param text the text of the element that holds them as JSON.
 */
export function readSamples(text: string): readonly Sample[] {
  // The cast: the build of this page wrote them.
  return JSON.parse(text) as readonly Sample[];
}

/** Returns the bytes of a sample. */
export function bytesOf({ base64, id }: Sample): Uint8Array<ArrayBuffer> {
  const bytes = decodeBase64(base64);
  if (bytes === undefined) throw new Error(`the sample ${id} is not base64`);
  return new Uint8Array(bytes);
}
