import { FailureError, type FailureMessages } from '../../failure.ts';

/**
 * What is wrong with an archive.
 *
 * - `TooShort`: it has fewer bytes than the type.
 * - `OutsideArchive`: an offset and count point to bytes that the archive does not have.
 * - `OutOfOrder`: they point to bytes of the archive, but not to bytes between what was read before
 *   and what points to them. So values cannot share bytes or contain themselves.
 * - `Misaligned`: the offset of a value is not a multiple of its alignment.
 * - `TooManyElements`: its lists have more elements together than a host accepts of a plugin. The
 *   archive may be sound, but its value would take many times its size.
 * - `InvalidUtf8`: a text is not UTF-8.
 * - `UnknownTag`: the tag of an option is not 0 or 1, or that of an enum is not the index of a
 *   variant.
 */
export type ArchiveDecodeFailureKind =
  | 'TooShort'
  | 'OutsideArchive'
  | 'OutOfOrder'
  | 'Misaligned'
  | 'TooManyElements'
  | 'InvalidUtf8'
  | 'UnknownTag';

/** Why an archive was refused. No field repeats the content of a text or of bytes. */
export interface ArchiveDecodeFailure {
  readonly kind: ArchiveDecodeFailureKind;
  /** Where in the value, for instance `$.results[2].reason`. */
  readonly path: string;
  /** Where in the archive, in bytes from its beginning: what is at fault, or points to it. */
  readonly offset: number;
  /** What would have been accepted. */
  readonly expected: string;
  /** What the archive has instead. */
  readonly found: string;
}

const message =
  (headline: string) =>
  ({ path, offset, expected, found }: ArchiveDecodeFailure): string =>
    `${headline}: at ${path}, byte ${offset}, expected ${expected}, found ${found}`;

const messages: FailureMessages<ArchiveDecodeFailure> = {
  TooShort: message('the archive is too short'),
  OutsideArchive: message('an offset points outside the archive'),
  OutOfOrder: message('an offset points to bytes out of order'),
  Misaligned: message('a value is not aligned'),
  TooManyElements: message('the archive has too many elements'),
  InvalidUtf8: message('a text is not valid UTF-8'),
  UnknownTag: message('a tag is not declared'),
};

/** Bytes that are not an archive of the declared type. */
export class ArchiveDecodeError extends FailureError<ArchiveDecodeFailure> {
  override readonly name = 'ArchiveDecodeError';

  protected override get messages(): FailureMessages<ArchiveDecodeFailure> {
    return messages;
  }
}
