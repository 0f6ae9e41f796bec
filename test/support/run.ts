// Runs test files in this process, on Node, Deno and Bun. It prints a line `report: {...}`:
//   node test/support/run.ts test/json/decode.test.ts ...   one report, of all files
//   node test/support/run.ts                                reads one path a line from standard
//                                                           input; a report after each file
import { createInterface } from 'node:readline';
import { type Report, runSuites, type TestFile } from './suites.ts';

/** Precedes the report, so that a reader can tell it from what the tests print. */
const reportLabel = 'report: ';

const root = new URL('../../', import.meta.url);
const testFile = (name: string): TestFile => ({ name, load: () => import(new URL(name, root).href) });
const print = (report: Report): void => console.log(`\n${reportLabel}${JSON.stringify(report)}`);

const names = process.argv.slice(2);
if (names.length > 0) print(await runSuites(names.map(testFile)));
else {
  for await (const name of createInterface({ input: process.stdin })) {
    // While tests run, an open standard input must not keep a process alive in which a test awaits
    // what never comes. Standard input that is a file has no `unref`.
    process.stdin.unref?.();
    print(await runSuites([testFile(name)]));
    process.stdin.ref?.();
  }
}
