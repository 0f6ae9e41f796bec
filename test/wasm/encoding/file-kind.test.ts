import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FileKind, fileKindOf } from '../../../src/wasm/encoding/file-kind.ts';
import { readSections, WasmFormatError } from '../../../src/wasm/index.ts';

const kinds = suite('the kind of a file that is not WebAssembly');

const utf8 = new TextEncoder();

const begins: Readonly<Record<FileKind, readonly (string | readonly number[])[]>> = {
  empty: [''],
  wat: [
    '(module)',
    '  \n;; a comment\n(; another ;)\n(module $m\n',
    '(component)',
    ';; nothing else',
    '\ufeff(module)',
  ],
  html: ['<!DOCTYPE html><title>404</title>', '\n<html>', '<?xml version="1.0"?>'],
  base64: ['AGFzbQEAAAABBgFgAX8BfwMCAQA='],
  gzip: [[0x1f, 0x8b, 8, 0]],
  zstd: [[0x28, 0xb5, 0x2f, 0xfd, 0]],
  zip: [[0x50, 0x4b, 3, 4, 0]],
  elf: [[0x7f, 0x45, 0x4c, 0x46, 2]],
  'mach-o': [[0xcf, 0xfa, 0xed, 0xfe, 7]],
  windows: [[0x4d, 0x5a, 0x90, 0]],
  archive: ['!<arch>\n/               0'],
  bitcode: [[0x42, 0x43, 0xc0, 0xde]],
  json: ['{ "name": "x" }', '[]', '{\n  "a": 1 }'],
  text: ['#!/bin/sh\n', 'fn main() {}', 'grüße', `${'x'.repeat(255)}é`],
};

for (const [kind, files] of Object.entries(begins)) {
  kinds(`${kind} shows in its first bytes`, () => {
    for (const file of files) {
      const bytes = typeof file === 'string' ? utf8.encode(file) : Uint8Array.from(file);
      assert.is(fileKindOf(bytes), kind, String(file));
      try {
        for (const _ of readSections(bytes));
        assert.unreachable();
      } catch (error) {
        assert.ok(error instanceof WasmFormatError);
        assert.is(Object(error.failure).looksLike, kind);
        assert.match(
          error.message,
          /^not WebAssembly but .+: a module begins with the bytes 00 61 73 6d \(at byte \d\)$/,
        );
      }
    }
  });
}

kinds('is unknown for other bytes', () => {
  for (const bytes of [[0xff, 0xfe, 0xfd], [0x00, 0x61, 0x73], [0x01]])
    assert.is(fileKindOf(Uint8Array.from(bytes)), undefined);
});

kinds('is found in time for any bytes', () => {
  const comments = utf8.encode('(;'.repeat(50_000));
  const began = performance.now();
  fileKindOf(comments);
  fileKindOf(utf8.encode(';;\n'.repeat(50_000)));
  fileKindOf(utf8.encode(' '.repeat(100_000)));
  assert.ok(performance.now() - began < 100);
});

kinds.run();
