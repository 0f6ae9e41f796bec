// Each plugin here has one mistake. The command line names the cause and says what to change, and
// nothing else of what it says leads elsewhere.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { failureKind } from '../../src/inspection/failure-report.ts';
import { mistakes } from '../mistakes/index.ts';
import type { Mistake } from '../mistakes/mistake.ts';
import { argumentsOf, FILE, printedLines } from '../mistakes/printed.ts';
import { TELLS_STACKS } from '../support/engine-stacks.ts';
import { documentOf, type Run, run } from './run.ts';

/** What a `--json` document says of a failed layer, step or call. */
interface ReportedError {
  readonly message: string;
  readonly failure: { readonly path?: string };
  readonly hint?: string;
}

interface ReportedCheck {
  readonly id: string;
  readonly status: string;
  readonly found?: string;
  readonly hint?: string;
}

interface ReportedDocument {
  readonly layers?: readonly { readonly error?: ReportedError }[];
  readonly steps?: readonly { readonly error?: ReportedError }[];
  readonly checks?: readonly ReportedCheck[];
  readonly outcome?: { readonly error?: ReportedError };
  readonly error?: ReportedError;
}

const table = suite('the mistakes of authors');
const rows = Object.values(mistakes).flat();

const runOn = async (bytes: Uint8Array, args: readonly string[]): Promise<Run> =>
  await run(args, { files: { [FILE]: bytes } });

const reportOn = async (bytes: Uint8Array, args: readonly string[]): Promise<ReportedDocument> =>
  documentOf(await runOn(bytes, [...args, '--json']));

/** Lines without their layout. */
const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim().replace(/ +/g, ' '));

/** The error that a document reports. */
function errorOf(report: ReportedDocument): ReportedError | undefined {
  const { layers = [], steps = [], outcome } = report;
  return [report, ...layers, ...steps, outcome].find((each) => each?.error !== undefined)?.error;
}

/** The checks that failed, and then those that warned. */
const faultsOf = ({ checks = [] }: ReportedDocument): readonly ReportedCheck[] =>
  ['fail', 'warn'].flatMap((wanted) => checks.filter(({ status }) => status === wanted));

/** Engines other than V8 have other words for a trap, and no stack, which the hint is about. */
const isTold = ({ told }: Mistake): boolean => told.stack === undefined || TELLS_STACKS;

/** What conformance says of a mistake that admission finds. */
async function assertSameInConformance(file: Uint8Array, row: Mistake): Promise<void> {
  const faults = faultsOf(await reportOn(file, ['conformance', FILE]));
  assert.equal(
    faults.filter(({ status }) => status === 'fail').map(({ id }) => id),
    [row.told.check],
  );
  if (isTold(row)) assert.is(faults[0]?.hint, row.told.hint);
}

function assertChecks(report: ReportedDocument, row: Mistake): void {
  const { check, status = 'fail', path = '', hint } = row.told;
  const [first, ...others] = faultsOf(report);
  assert.equal([first?.id, first?.status], [check, status]);
  assert.ok(first?.found?.includes(path));
  if (!isTold(row)) return;
  for (const each of [first, ...others]) assert.is(each?.hint, hint, each?.id);
}

for (const row of rows) {
  const { id, mistake, command, told } = row;

  table(`${id}: ${mistake}`, async () => {
    const file = await row.file();
    const { stdout } = await runOn(file, argumentsOf(row));
    const printed = linesOf(stdout);
    const missing = linesOf(printedLines(row).join('\n')).filter((line) => !printed.includes(line));
    if (isTold(row)) assert.equal(missing, [], stdout);

    const report = await reportOn(file, argumentsOf(row));
    if (command[0] === 'conformance') return assertChecks(report, row);
    const error = errorOf(report);
    assert.equal([failureKind(error?.failure), error?.failure.path], [told.kind, told.path]);
    if (isTold(row)) assert.is(error?.hint, told.hint);
    if (command[0] !== 'dispatch') await assertSameInConformance(file, row);
  });
}

table('each has an id of its own', () => {
  assert.is(new Set(rows.map(({ id }) => id)).size, rows.length);
});

table.run();
