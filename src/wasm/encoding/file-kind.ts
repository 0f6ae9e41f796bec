/** What a file is instead of WebAssembly, as far as its first bytes show. */
export type FileKind =
  | 'empty'
  | 'wat'
  | 'html'
  | 'base64'
  | 'gzip'
  | 'zstd'
  | 'zip'
  | 'elf'
  | 'mach-o'
  | 'windows'
  | 'archive'
  | 'bitcode'
  | 'json'
  | 'text';

/** How each kind begins: with these bytes, or with this text. The first match counts. */
const beginnings: readonly (readonly [kind: FileKind, begin: readonly number[] | RegExp])[] = [
  ['empty', /^$/],
  // Comments may stand before the module: `;; text`, and `(; text ;)`.
  ['wat', /^(?:\xef\xbb\xbf)?(?:\s|;;.*\n|\(;(?:.|\n)*?;\))*(?:\((?:module|component|import|func|memory|type)\b|;;)/],
  ['html', /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|\?xml)/i],
  ['base64', /^AGFzbQ/],
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['elf', [0x7f, 0x45, 0x4c, 0x46]],
  ['mach-o', [0xcf, 0xfa, 0xed, 0xfe]],
  ['windows', [0x4d, 0x5a]],
  ['archive', /^!<arch>\n/],
  ['bitcode', [0x42, 0x43, 0xc0, 0xde]],
  ['json', /^(?:\xef\xbb\xbf)?\s*[{[]\s*["{[\]}]/],
  ['text', /^(?:[\t\n\r -~]|[\xc2-\xf4][\x80-\xbf]+)+[\xc2-\xf4]?$/],
];

/** How many bytes are looked at. */
const LOOKED_AT = 256;

/**
 * Finds out what a file is instead of WebAssembly.
 *
 * @returns the kind of file; `undefined` if its first bytes match no known kind.
 */
export function fileKindOf(bytes: Uint8Array): FileKind | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, LOOKED_AT));
  const isBegun = ([, begin]: (typeof beginnings)[number]): boolean =>
    begin instanceof RegExp ? begin.test(text) : begin.every((byte, index) => byte === bytes[index]);
  return beginnings.find(isBegun)?.[0];
}
