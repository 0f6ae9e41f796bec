// Each plugin here has one mistake. The command line names the cause and says what to change, and
// nothing else of what it says leads elsewhere.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { failureKind } from '../../src/inspection/failure-report.ts';
import { mistakes } from '../mistakes/index.ts';
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
function errorOf({ layers, steps, outcome }: ReportedDocument): ReportedError | undefined {
  return [...(layers ?? steps ?? []), outcome].find((each) => each?.error !== undefined)?.error;
}

/** The checks that failed or warned. */
const faultsOf = ({ checks = [] }: ReportedDocument): readonly ReportedCheck[] =>
  checks.filter(({ status }) => status === 'fail' || status === 'warn');

for (const row of rows) {
  const { id, mistake, command, told } = row;

  table(`${id}: ${mistake}`, async () => {
    const file = await row.file();
    const { stdout } = await runOn(file, argumentsOf(row));
    // Other engines have other words for a trap, and some tell no stack.
    const isEngines = told.stack !== undefined && !TELLS_STACKS;
    const printed = linesOf(stdout);
    const missing = linesOf(printedLines(row).join('\n')).filter((line) => !printed.includes(line));
    assert.equal(isEngines ? [] : missing, [], stdout);

    const report = await reportOn(file, argumentsOf(row));
    const error = errorOf(report);
    if (command[0] === 'conformance') {
      const [first, ...others] = faultsOf(report);
      assert.equal([first?.id, first?.status, first?.hint], [told.check, told.status ?? 'fail', told.hint]);
      for (const other of others) assert.is(other.hint, told.hint, other.id);
    } else {
      assert.equal([failureKind(error?.failure), error?.failure.path, error?.hint], [told.kind, told.path, told.hint]);
    }
    if (command[0] === 'admit') {
      const checks = faultsOf(await reportOn(file, ['conformance', FILE]));
      const expected = [told.status ?? 'fail', told.check, told.hint];
      assert.equal([checks[0]?.status, checks[0]?.id, checks[0]?.hint], expected);
      assert.is(checks.filter(({ status }) => status === 'fail').length, 1);
    }
  });
}

table('each has an id of its own', () => {
  assert.is(new Set(rows.map(({ id }) => id)).size, rows.length);
});

table.run();
