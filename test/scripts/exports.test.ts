// The entries export the names of exports.json, and options have the names that stand there.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SCRIPT = 'scripts/docs/public-names.ts';
const COMMAND = 'npm run generate';

const surface = suite('the public names');

/** Writes each name on a line, after where it stands: `entries ./kernel values createKernel`. */
function lines(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [[...path, value].join(' ')];
  if (Array.isArray(value)) return value.flatMap((each) => lines(each, path));
  return Object.entries(value).flatMap(([key, each]) => lines(each, [...path, key]));
}

const committed: unknown = JSON.parse(readFileSync(new URL('exports.json', import.meta.url), 'utf8'));

surface(`are those of test/scripts/exports.json (a change is a decision; then: ${COMMAND})`, () => {
  // The compiler's API starts a process in a way that Node has.
  if ('Bun' in globalThis || 'Deno' in globalThis) return console.log('skipped: the public names: read on Node only');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', './scripts/typescript.mjs', SCRIPT], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.is(status, 0, stderr);
  const [before, now] = [new Set(lines(committed)), new Set(lines(JSON.parse(stdout)))];
  const changes = [
    ...[...before].filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...[...now].filter((line) => !before.has(line)).map((line) => `+ ${line}`),
  ];
  assert.is(changes.join('\n'), '');
});

surface('list names of every kind', () => {
  const names = lines(committed);
  for (const expected of [
    'entries . values admit',
    'entries . types AdmitOptions',
    'entries ./metering values meterModule',
    'options AdmitOptions telemetry?',
    'options LayerBudget fuel?',
  ]) {
    assert.ok(names.includes(expected), expected);
  }
});

surface.run();
