// Weighs what a program gets that imports the package as npm installs it, minified and gzipped:
//   npm run sizes                      prints the table, and writes it into docs/BENCHMARKS.md
//   npm run sizes -- --check           compares it with the table there, and writes nothing
//   npm run sizes -- --against REV     also says what has grown since a revision
// A row that is over its limit fails (rows.ts has the limits), and its largest sources are printed.
// So does a table that says something else. Replaces dist/.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { replaceGenerated } from '../peers/generated-part.ts';
import { OURS, type Version, versionsOf } from '../versions.ts';
import { faults, grown, largest, sizesText, staleRows } from './report.ts';
import { rows, unmatched } from './rows.ts';
import { type Weighed, weigh } from './weigh.ts';

const { values: options } = parseArgs({
  options: { check: { type: 'boolean', default: false }, against: { type: 'string' } },
});

const page = new URL('../../../docs/BENCHMARKS.md', import.meta.url);

/** Weighs the rows whose entry a version has. */
async function weighAll({ folder, exports }: Version): Promise<Weighed[]> {
  const all: Weighed[] = [];
  for (const row of rows) {
    if (row.entry === undefined || exports.includes(row.entry)) all.push(await weigh(row, folder));
  }
  return all;
}

const [now, before] = await versionsOf(options.against);
// The cast: the package's own file.
const { exports } = JSON.parse(readFileSync(join(now.folder, 'node_modules', OURS, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, unknown>>;
};
const weighed = await weighAll(now);
const text = sizesText(weighed);
console.log(`${text}\n`);

const found = unmatched(exports);
for (const row of weighed) {
  const over = faults(row);
  found.push(...over, ...(over.length > 0 ? largest(row) : []));
}
const written = readFileSync(page, 'utf8');
if (options.check) found.push(...staleRows(written, weighed));
else writeFileSync(page, replaceGenerated(written, 'sizes', text));
if (before !== undefined) console.log(grown(await weighAll(before), weighed).join('\n'));
for (const line of found) console.error(line);
if (found.length > 0) process.exitCode = 1;
