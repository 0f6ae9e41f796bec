// Runs test files in this process: `node test/support/run.ts test/wasm/encoding/leb128.test.ts ...`, on Node, Deno and Bun.
// The last line it prints is the report as JSON, for scripts/test.mjs.
import { type Report, runSuites } from './suites.ts';

/** What stands before the report, so that it is told from what the tests print; scripts/test.mjs looks for it. */
const reportLabel = 'report: ';

const root = new URL('../../', import.meta.url);
const files = process.argv.slice(2).map((name) => ({ name, load: () => import(new URL(name, root).href) }));
const report: Report = await runSuites(files);
console.log(`\n${reportLabel}${JSON.stringify(report)}`);
