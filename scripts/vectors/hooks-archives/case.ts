import type { WrittenVector } from '../layer-vectors.ts';
import type { Part } from '../parts.ts';

/** What a vector of archives says besides its type. */
export interface ArchiveCase {
  readonly rule: string;
  /** The last part of the name. */
  readonly name: string;
  readonly type: string;
  readonly archive: readonly Part[];
  readonly about?: string;
}

/** Reads an archive. Without `json` it must be refused. */
export function reads({ name, json, ...given }: ArchiveCase & { readonly json?: string | undefined }): WrittenVector {
  const ends = json === undefined ? { layer: 'archive', error: { kind: 'Malformed' } } : { response: json };
  return { id: `hooks-archives/${name}`, ...given, ends };
}

/** Writes the value of an archive, and reads the archive. */
export function both({ name, json, ...given }: ArchiveCase & { readonly json: string }): readonly WrittenVector[] {
  const { rule, type, archive: bytes, ...more } = given;
  return [
    { id: `hooks-archives/write-${name}`, rule, ...more, type, value: json, ends: { bytes } },
    reads({ ...given, name: `read-${name}`, json }),
  ];
}
