import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assembledModules } from '../../scripts/assemble.ts';

const assembled = suite('assembled functions');

for (const [path, text] of Object.entries(assembledModules)) {
  assembled(`${path} is up to date`, () => {
    const present = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    assert.is(present, text, 'npm run generate writes it');
  });
}

assembled.run();
