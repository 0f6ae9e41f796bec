// Every word of an archive is replaced by every value that could matter for a pointer.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeArchive } from '../../../src/hooks/archive/decode.ts';
import { ArchiveDecodeError } from '../../../src/hooks/archive/decode-error.ts';
import type { ArchiveDeclaration } from '../../../src/hooks/archive/type.ts';
import { unlessThrown } from '../../support/failure.ts';
import { toHex } from '../../support/hex.ts';
import { messageNamed, messages } from '../messages.ts';
import { slowRead } from './slow-reader.ts';
import { readVectors } from './vectors.ts';

const pointers = suite('hooks/archive: pointers');
const vectors = await readVectors();

/** The shortest archives of a type that have most of what it can have. */
const ARCHIVES = 4;

/** Offsets and counts for a word at a place: edges of the archive and of 32 bits, and itself. */
const replacements = (place: number, length: number): readonly number[] => [
  ...[0, 1, -1, 2, 4, -4, 8, 0x7fff_ffff, -0x8000_0000],
  ...[-place, -place - 1, length - place, length - place - 1],
  // Counts whose size in bytes is small in 32 bits: for elements of 16, 24 and 80 bytes.
  ...[0x1000_0001, 0x0aaa_aaab, 0x0333_3334],
];

for (const { type: name, archives } of vectors) {
  const type = messageNamed(name);
  const chosen = archives
    .map(({ archive }) => archive)
    .sort((one, other) => one.length - other.length)
    .slice(archives.length / 2, archives.length / 2 + ARCHIVES);

  pointers(`${name}: each word aimed anywhere`, () => {
    let refused = 0;
    for (const archive of chosen)
      for (let place = 0; place + 4 <= archive.length; place += 4)
        for (const value of replacements(place, archive.length)) {
          const bytes = archive.slice();
          new DataView(bytes.buffer).setInt32(place, value, true);
          if (!sameAsSlow(type, bytes)) refused++;
        }
    assert.ok(refused > 100, `${refused} were refused`);
  });

  pointers(`${name}: cut anywhere, at the beginning or at the end`, () => {
    for (const archive of chosen)
      for (let at = 0; at < archive.length; at++) {
        sameAsSlow(type, archive.slice(at));
        sameAsSlow(type, archive.slice(0, at));
      }
  });
}

/** Compares the reader with the plain one. @returns whether they read a value. */
function sameAsSlow(type: ArchiveDeclaration, bytes: Uint8Array): boolean {
  const found = unlessThrown(ArchiveDecodeError, () => decodeArchive<unknown>(type, bytes));
  assert.equal(found, slowRead(type, bytes), toHex(bytes));
  return found !== undefined;
}

pointers('a message does not contain itself, so its declaration bounds the depth of reading', () => {
  const depthOf = (type: ArchiveDeclaration): number => {
    if (type.kind === 'list' || type.kind === 'option') return 1 + depthOf(type.of);
    if (type.kind === 'struct') return 1 + Math.max(...type.fields.map((field) => depthOf(field.type)));
    if (type.kind === 'enum')
      return 1 + Math.max(0, ...type.variants.flatMap(({ fields }) => fields.map((field) => depthOf(field.type))));
    return 1;
  };
  assert.is(Math.max(...messages.map(depthOf)), 5);
});

pointers.run();
