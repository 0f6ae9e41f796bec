import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { decodeArchive } from '../../../src/hooks/archive/decode.ts';
import { ArchiveDecodeError } from '../../../src/hooks/archive/decode-error.ts';
import { encodeArchive } from '../../../src/hooks/archive/encode.ts';
import { damaged, damages } from '../../hooks/archive/damage.ts';
import { slowRead } from '../../hooks/archive/slow-reader.ts';
import { valuesOf } from '../../hooks/archive/values.ts';
import { messages } from '../../hooks/messages.ts';
import { unlessThrown } from '../../support/failure.ts';
import { property } from './property.ts';

/** The index of a message among all messages, and an archive of it, damaged in most cases. */
const archived = fc.nat({ max: messages.length - 1 }).chain((message) => {
  const type = messages[message];
  if (type === undefined) throw new Error('there is no such message');
  const archive = valuesOf(type).map((value) => encodeArchive<unknown>(type, value));
  return fc.record({
    message: fc.constant(message),
    bytes: fc.oneof(
      archive,
      { weight: 8, arbitrary: fc.tuple(archive, damages).map(([bytes, damage]) => damaged(bytes, damage)) },
      fc.uint8Array({ maxLength: 300 }),
    ),
  });
});

/** An archive is read if and only if it follows the rules, and as the same value. */
export const archives = property<{ readonly message: number; readonly bytes: Uint8Array }>({
  name: 'archives',
  oracle: 'the rules of rkyv, in a plain reader',
  values: archived,
  check: ({ message, bytes }) => {
    const type = messages[message];
    if (type === undefined) throw new Error('there is no such message');
    const found = unlessThrown(ArchiveDecodeError, () => decodeArchive<unknown>(type, bytes));
    assert.equal(found, slowRead(type, bytes));
    if (found === undefined) return;
    const canonical = encodeArchive<unknown>(type, found.value);
    assert.equal(slowRead(type, canonical), found);
  },
});
