import { FailureError, type FailureMessages } from '../../failure.ts';

/**
 * What can be wrong with bytes that should be a WebAssembly module. `offset` counts bytes from the start of the module.
 *
 * - `NotWebAssembly`: the four bytes `\0asm` are missing.
 * - `Component`: the bytes are a component of the component model, not a core module.
 * - `UnsupportedVersion`: a core module of another binary format version than 1.
 * - `UnexpectedEnd`: the bytes (or the section, or the body) stop in the middle of something.
 * - `IntegerTooLong`, `IntegerTooLarge`: a LEB128 integer with more bytes than its width allows, or with a value beyond it.
 * - `MalformedName`: a name that is not UTF-8, or over 100,000 bytes.
 * - `SectionOutOfOrder`: a non-custom section that comes late or twice.
 * - `SectionSizeMismatch`: a section or function body whose contents do not fill its declared size.
 * - `CountMismatch`: two sections that must agree on a count do not.
 * - `UnknownEncoding`: a byte that stands for nothing in this place.
 * - `LimitExceeded`: a count past what JavaScript engines accept.
 */
export type WasmFormatFailure =
  | { readonly kind: 'NotWebAssembly'; readonly offset: number }
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

const messages: FailureMessages<WasmFormatFailure> = {
  NotWebAssembly: () => 'not WebAssembly: a module begins with the bytes 00 61 73 6d',
  Component: () =>
    [
      'a WebAssembly component, but a plugin is a core module: leave out the step that makes a component of it',
      '(in Rust: build for wasm32-unknown-unknown, not for wasm32-wasip2)',
    ].join(' '),
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

/** Bytes that are not a well-formed WebAssembly module. The message names the byte offset; `failure` says what was wrong. */
export class WasmFormatError extends FailureError<WasmFormatFailure> {
  override readonly name = 'WasmFormatError';

  protected override get messages(): FailureMessages<WasmFormatFailure> {
    return messages;
  }

  protected override describe(failure: WasmFormatFailure): string {
    return `${super.describe(failure)} (at byte ${failure.offset})`;
  }
}
