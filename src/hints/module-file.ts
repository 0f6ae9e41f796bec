import type { FileKind, WasmFormatFailure } from '../wasm/index.ts';
import { type Hints, hintIn } from './hint.ts';

/** What to do with a file that is not WebAssembly. */
const files: Readonly<Record<FileKind, string>> = {
  empty: 'Build the module again: the file is empty. A build that failed may have left it.',
  wat: 'Assemble the text first: `wat2wasm plugin.wat` or `wasm-tools parse plugin.wat -o plugin.wasm`.',
  html: 'Download the file again: the server sent a page, such as an error or a login, and not the module.',
  base64: 'Decode the file from base64 first, for instance with `base64 -d`.',
  gzip: 'Unpack the file first, with `gunzip`: a host does not do that.',
  zstd: 'Unpack the file first, with `zstd -d`: a host does not do that.',
  zip: 'Unpack the archive, and pass the .wasm file that is in it.',
  elf:
    'Compile for WebAssembly: the file is for Linux. In Rust `--target wasm32-unknown-unknown`, in C ' +
    '`clang --target=wasm32`, in Zig `-target wasm32-freestanding`, in TinyGo `-target=wasm-unknown`.',
  'mach-o': 'Compile for WebAssembly, for instance with `--target wasm32-unknown-unknown`: the file is for macOS.',
  windows: 'Compile for WebAssembly, for instance with `--target wasm32-unknown-unknown`: the file is for Windows.',
  archive: 'Link the objects of the library to a module: in Rust with crate-type = ["cdylib"], in C with `wasm-ld`.',
  bitcode: 'Link the bitcode to a module with `wasm-ld`, or compile it without -flto.',
  json: 'Pass the .wasm file, and not JSON such as a manifest or a package.json.',
  text: 'Pass the .wasm file that the compiler wrote, and not its source.',
};

/** What to do about bytes that are not a well-formed module. */
const hints: Hints<WasmFormatFailure> = {
  NotWebAssembly: ({ looksLike }) =>
    looksLike === undefined
      ? 'Pass the .wasm file that the compiler wrote: this is a file of another format.'
      : files[looksLike],
  Component:
    'Build a core module instead of a component: in Rust for wasm32-unknown-unknown and not wasm32-wasip2, without ' +
    'cargo-component; elsewhere leave out `wasm-tools component new` or `jco componentize`.',
  UnsupportedVersion: 'Build with a compiler that writes version 1 of the binary format: all released ones do.',
  UnexpectedEnd: 'Copy or download the whole file again: it is cut off, or a size in it is wrong.',
  IntegerTooLong: 'Correct the tool that wrote this integer: LEB128 has at most 5 bytes for 32 bits, and 10 for 64.',
  IntegerTooLarge: 'Correct the tool that wrote this integer: unused bits of its last byte must repeat its sign.',
  MalformedName: 'Write names of imports, exports and sections as UTF-8, with at most 100,000 bytes.',
  SectionOutOfOrder:
    'Write each section once, in the order of the specification; only custom sections may be anywhere.',
  SectionSizeMismatch: 'Correct the size of this section: a tool that changes its contents must write it anew.',
  CountMismatch: 'Change both sections together: the tool that changed one of them left the other.',
  UnknownEncoding: 'Build without proposals that are not in WebAssembly 3.0, or copy the file again if it was damaged.',
  LimitExceeded: 'Make less of what is counted here: no engine for JavaScript takes more.',
};

/** Says what to do about bytes that are not a well-formed module. */
export function fileHint(fault: WasmFormatFailure): string | undefined {
  return hintIn(hints, fault);
}
