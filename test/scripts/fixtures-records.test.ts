import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { c } from '../../scripts/fixtures/c.ts';
import { faultsOf, readRecord, recordPath, recordText, sourcesHash } from '../../scripts/fixtures/record.ts';
import { rust } from '../../scripts/fixtures/rust.ts';
import { rustHooks } from '../../scripts/fixtures/rust-hooks.ts';
import { fixturesFolder } from '../../scripts/fixtures/toolchain.ts';

const records = suite('records of fixtures');

for (const toolchain of [c, rust, rustHooks]) {
  for (const binary of toolchain.binaries) {
    records(`${binary} was built from the sources that are here`, () => {
      assert.equal(faultsOf(toolchain, binary, readRecord(binary)), []);
    });

    records(`the record of ${binary} is written as the build writes it`, () => {
      assert.is(readFileSync(new URL(recordPath(binary), fixturesFolder), 'utf8'), recordText(readRecord(binary)));
    });

    records(`neither ${binary} nor its record names a folder of the machine that built it`, () => {
      for (const path of [binary, recordPath(binary)]) {
        const text = readFileSync(new URL(path, fixturesFolder), 'latin1');
        assert.not.match(text, /\/(home|root|usr|work|tmp|Users|build)\/|\.cargo|\.rs\b/);
      }
    });
  }
}

records('another source, another binary and other flags are each a fault', () => {
  const [binary = ''] = c.binaries;
  const record = readRecord(binary);
  assert.equal(faultsOf(c, binary, { ...record, sources_sha256: sourcesHash(['c/kernel.h']) }), [
    'the sources of fixtures/c/observer/observer.wasm have changed since it was built',
  ]);
  assert.equal(faultsOf(c, binary, { ...record, wasm_sha256: record.sources_sha256 }), [
    'fixtures/c/observer/observer.wasm is not the one in its record',
  ]);
  assert.equal(faultsOf(c, binary, { ...record, flags: [] }), [
    'fixtures/c/observer/observer.wasm was built with other flags',
  ]);
});

records('the hash of sources is that of the lines of sha256sum', () => {
  // (cd fixtures && sha256sum behaviour/echo.wat behaviour/trap.wat | sha256sum)
  assert.is(
    sourcesHash(['behaviour/trap.wat', 'behaviour/echo.wat']),
    '38b3e601af749a44e5fa5a490562021d747239c4e56fec2da08b908e5a116b99',
  );
});

records.run();
