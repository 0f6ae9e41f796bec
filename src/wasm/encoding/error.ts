import { FailureError, type FailureMessages } from '../../failure.ts';
import type { FileKind } from './file-kind.ts';

/**
 * Why bytes are not a WebAssembly module. `offset` counts bytes from the start of the module.
 *
 * - `NotWebAssembly`: the bytes do not begin with `\0asm`. `looksLike` says what the file seems to
 *   be instead.
 * - `Component`: the bytes are a component of the component model, not a core module.
 * - `UnsupportedVersion`: a core module of another version of the binary format than 1.
 * - `UnexpectedEnd`: the bytes (or the section, or the body) end too early.
 * - `IntegerTooLong`, `IntegerTooLarge`: a LEB128 integer has more bytes, or a larger value, than
 *   its width allows.
 * - `MalformedName`: a name is not UTF-8, or has over 100,000 bytes.
 * - `SectionOutOfOrder`: a section that is not custom is repeated, or comes too late.
 * - `SectionSizeMismatch`: the contents of a section or function body do not fill its size.
 * - `CountMismatch`: two sections that share a count differ in it.
 * - `UnknownEncoding`: a byte has no meaning at this offset.
 * - `LimitExceeded`: a count is over what JavaScript engines accept.
 */
export type WasmFormatFailure =
  | { readonly kind: 'NotWebAssembly'; readonly offset: number; readonly looksLike?: FileKind }
  | { readonly kind: 'Component'; readonly offset: number }
  | { readonly kind: 'UnsupportedVersion'; readonly offset: number; readonly version: number }
  | { readonly kind: 'UnexpectedEnd'; readonly offset: number; readonly expected: string }
  | { readonly kind: 'IntegerTooLong'; readonly offset: number; readonly type: string }
  | { readonly kind: 'IntegerTooLarge'; readonly offset: number; readonly type: string }
  | { readonly kind: 'MalformedName'; readonly offset: number; readonly reason: string }
  | { readonly kind: 'SectionOutOfOrder'; readonly offset: number; readonly section: string }
  | { readonly kind: 'SectionSizeMismatch'; readonly offset: number; readonly section: string; readonly reason: string }
  | { readonly kind: 'CountMismatch'; readonly offset: number; readonly reason: string }
  | { readonly kind: 'UnknownEncoding'; readonly offset: number; readonly expected: string; readonly found: number }
  | { readonly kind: 'LimitExceeded'; readonly offset: number; readonly reason: string };

const MAGIC = 'a module begins with the bytes 00 61 73 6d';

const files: Readonly<Record<FileKind, string>> = {
  empty: 'an empty file',
  wat: 'the text format (WAT)',
  html: 'a page of HTML',
  base64: 'a module as text in base64',
  gzip: 'compressed with gzip',
  zstd: 'compressed with zstd',
  zip: 'a zip archive',
  elf: 'a native program or object of Linux (ELF)',
  'mach-o': 'a native program or object of macOS (Mach-O)',
  windows: 'a native program of Windows',
  archive: 'a library of object files (ar)',
  bitcode: 'LLVM bitcode',
  json: 'JSON',
  text: 'text',
};

const messages: FailureMessages<WasmFormatFailure> = {
  NotWebAssembly: ({ looksLike }) =>
    looksLike === undefined ? `not WebAssembly: ${MAGIC}` : `not WebAssembly but ${files[looksLike]}: ${MAGIC}`,
  Component: () => 'a WebAssembly component, but a plugin is a core module',
  UnsupportedVersion: (f) => `binary format version ${f.version}, but only version 1 is known`,
  UnexpectedEnd: (f) => `the bytes end where ${f.expected} was expected`,
  IntegerTooLong: (f) => `a LEB128 integer is longer than ${f.type} may be`,
  IntegerTooLarge: (f) => `a LEB128 integer does not fit ${f.type}`,
  MalformedName: (f) => `malformed name: ${f.reason}`,
  SectionOutOfOrder: (f) => `the ${f.section} section is repeated or comes after a section that it must precede`,
  SectionSizeMismatch: (f) => `${f.section} section: ${f.reason}`,
  CountMismatch: (f) => f.reason,
  UnknownEncoding: (f) => `expected ${f.expected}, found the byte 0x${f.found.toString(16).padStart(2, '0')}`,
  LimitExceeded: (f) => f.reason,
};

/**
 * The bytes are not a well-formed WebAssembly module. `failure` says why; the message names the
 * byte offset too.
 */
export class WasmFormatError extends FailureError<WasmFormatFailure> {
  override readonly name = 'WasmFormatError';

  protected override get messages(): FailureMessages<WasmFormatFailure> {
    return messages;
  }

  protected override describe(failure: WasmFormatFailure): string {
    return `${super.describe(failure)} (at byte ${failure.offset})`;
  }
}
