// The table of mistakes, and docs/MISTAKES.md.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mistakesDocument } from '../../scripts/mistakes.ts';

const document = suite('the document of mistakes');

document('docs/MISTAKES.md is what npm run mistakes writes', () => {
  assert.is(readFileSync(new URL('../../docs/MISTAKES.md', import.meta.url), 'utf8'), mistakesDocument());
});

document.run();
