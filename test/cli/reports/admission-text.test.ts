import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { painter } from '../../../src/cli/output/terminal.ts';
import { admissionLines } from '../../../src/cli/reports/admission-text.ts';
import { admit } from '../../../src/protocol/admit.ts';
import { fixture } from '../../support/fixture.ts';

const text = suite('the text of an admission');

const router = await fixture('router/router.wasm');
const goodUntil = (ttlSecs: number): string | undefined => {
  const report = admit(router, { ttlSecs, clock: () => 1_000_000 });
  return admissionLines({ ...report, file: 'router.wasm', bytes: router.length }, painter(false)).find((line) =>
    line.includes('good until'),
  );
};

text('prints the time at which the record expires', () => {
  assert.match(goodUntil(604_800) ?? '', /good until\s+1970-01-08 00:16:40 UTC$/);
});

text('prints a time beyond the range of Date as a number', () => {
  assert.match(goodUntil(9_000_000_000_000) ?? '', /good until\s+9000000001000 seconds after 1970$/);
});

text.run();
