// The answers of the published crate, in fixtures/hooks/.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArchiveDecodeError, decodeArchive, encodeArchive } from '../../../src/hooks/index.ts';
import { unlessThrown } from '../../support/failure.ts';
import { toHex } from '../../support/hex.ts';
import { messageNamed } from '../messages.ts';
import { readVectors } from './vectors.ts';

const vectors = suite('hooks/archive: vectors of the crate');
const all = await readVectors();

vectors('there are archives of all requests and responses', () => {
  assert.is(all.length, 8);
  for (const { type, archives, damaged } of all) {
    assert.ok(archives.length >= 30 && damaged.length >= 160, type);
    assert.ok(damaged.some(({ canonical }) => canonical !== undefined) && archives[0]?.value !== undefined, type);
  }
});

for (const { type: name, archives, damaged } of all) {
  const type = messageNamed(name);

  vectors(`${name}: values are read and written as the crate does`, () => {
    for (const { archive, value } of archives) {
      const read = decodeArchive<unknown>(type, archive);
      if (value !== undefined) assert.equal(read, value);
      assert.is(toHex(encodeArchive<unknown>(type, read)), toHex(archive));
    }
  });

  vectors(`${name}: damaged archives are refused if the crate refuses them`, () => {
    for (const { archive, canonical } of damaged) {
      const read = unlessThrown(ArchiveDecodeError, () => decodeArchive<unknown>(type, archive));
      assert.is(read !== undefined, canonical !== undefined, toHex(archive));
      if (read !== undefined && canonical !== undefined)
        assert.is(toHex(encodeArchive<unknown>(type, read.value)), toHex(canonical), toHex(archive));
    }
  });
}

vectors.run();
