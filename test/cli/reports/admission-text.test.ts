import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { painter } from '../../../src/cli/output/terminal.ts';
import { admissionLines } from '../../../src/cli/reports/admission-text.ts';
import { hookAdmissionLines } from '../../../src/cli/reports/hook-admission-text.ts';
import { reportAdmission } from '../../../src/inspection/admission-report.ts';
import { admitHookFile } from '../../../src/inspection/hook-admission-report.ts';
import { admit } from '../../../src/protocol/admit.ts';
import { readSections, SECTION } from '../../../src/wasm/index.ts';
import { whileClockStands } from '../../support/environment.ts';
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

/** The rows of an admission: the name and the outcome of each step. */
function stepsOf(wasm: Uint8Array): string[] {
  const lines = admissionLines(reportAdmission('x.wasm', wasm, {}), painter(false));
  return lines.flatMap((line) => /^ {2}(\w+ +(?:passed|failed|skipped))\b.*/.exec(line)?.[1]?.replace(/ +/, ' ') ?? []);
}

text('has a row for compiling, whose time is not that of the handshake', async () => {
  assert.equal(stepsOf(router), [
    'identity passed',
    'compile passed',
    'handshake passed',
    'self_check passed',
    'metadata passed',
  ]);
  const broken = Uint8Array.from(router);
  const code = [...readSections(broken)].find(({ id }) => id === SECTION.code);
  broken.fill(0xff, (code?.end ?? 0) - 20, code?.end);
  assert.equal(stepsOf(broken).slice(0, 3), ['identity passed', 'compile failed', 'handshake failed']);
  assert.equal(stepsOf(Uint8Array.of(1)).slice(0, 2), ['identity failed', 'handshake skipped']);
});

text('prints the hint of a failed layer after its reason', () => {
  const lines = admissionLines(reportAdmission('x.wasm', Uint8Array.of(0x1f, 0x8b), {}), painter(false));
  const at = lines.findIndex((line) => line.includes('WasmParseError'));
  assert.match(lines[at] ?? '', /compressed with gzip/);
  assert.match(lines[at + 1] ?? '', /^ {4}hint: Unpack the file first/);
});

text('says that the clock stood, for both generations, and only then', async () => {
  const filter = await fixture('hooks/filter/filter.wasm');
  const [paint, clock] = [painter(false), () => 1_800_000_000_000];
  const linesOf = (): readonly string[] => [
    ...admissionLines({ ...admit(router, { clock }), file: 'x.wasm', bytes: 1 }, paint),
    ...hookAdmissionLines(admitHookFile('y.wasm', filter, {}).report, paint),
  ];
  const said = (lines: readonly string[]) =>
    lines.filter((line) => /no deadline could end a call, only fuel/.test(line));
  assert.is(said(whileClockStands(linesOf)).length, 2);
  assert.is(said(linesOf()).length, 0);
});

text.run();
