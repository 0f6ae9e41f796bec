import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { generatedFiles, presentFiles } from '../../scripts/abi.ts';

const folder = new URL('../../abi/', import.meta.url);

const abi = suite('abi');

for (const [name, text] of Object.entries(generatedFiles)) {
  abi(`abi/${name} is what npm run abi writes`, () => {
    assert.is(readFileSync(new URL(name, folder), 'utf8'), text);
  });
}

abi('every data file under abi is one that npm run abi writes', () => {
  assert.equal(presentFiles(), Object.keys(generatedFiles).sort());
});

abi.run();
