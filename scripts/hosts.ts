// Runs the vectors for hosts on the hosts in other languages: `npm run test:hosts`.
//   npm run test:hosts -- host-in-go     only on this one
//   npm run test:hosts -- --write        also writes the table of hosts in abi/vectors/README.md
// Installs what a host needs and builds it. Where that cannot be had, it prints the reason and
// leaves the host out. The exit code is 1 if a host fails a vector, or passes fewer than its share.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { vectorsLines } from '../src/cli/reports/vectors-text.ts';
import type { VectorsReport } from '../src/conformance/index.ts';
import { goHost } from './hosts/go.ts';
import type { Host } from './hosts/host.ts';
import { pythonHost } from './hosts/python.ts';
import { shortfalls } from './hosts/shortfalls.ts';
import { countsByLayer, type LayerCounts, ownCounts, recordCounts } from './hosts/table.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The hosts. */
const hosts: readonly Host[] = [goHost, pythonHost];

const given = process.argv.slice(2);
const wanted = given.filter((argument) => argument !== '--write');
const unknown = wanted.filter((name) => !hosts.some(({ folder }) => folder === name));
if (unknown.length > 0) {
  const known = hosts.map(({ folder }) => folder).join(', ');
  console.log(`there is no host ${unknown.join(', ')}: expected some of ${known}, or --write`);
  process.exitCode = 1;
} else {
  const counts: Record<string, LayerCounts> = {};
  for (const host of hosts.filter(({ folder }) => wanted.length === 0 || wanted.includes(folder))) {
    const report = runOn(host);
    if (report !== undefined) counts[host.folder] = countsByLayer(report);
  }
  if (given.includes('--write')) recordCounts({ ...(await ownCounts()), ...counts });
}

/** Runs the vectors on a host, and prints how they ended. */
function runOn(host: Host): VectorsReport | undefined {
  const prepared = host.prepare();
  if ('missing' in prepared) {
    console.log(`skipped: ${host.folder}: ${prepared.missing}`);
    return undefined;
  }
  const report = reportOf(host, prepared.command);
  const lines = vectorsLines(report, host.folder, (_, text) => text);
  const missed = shortfalls(report, host);
  console.log([...lines, ...missed].join('\n'));
  if (report.failed > 0 || missed.length > 0) process.exitCode = 1;
  return report;
}

function reportOf({ layers }: Host, command: string): VectorsReport {
  const chosen = layers.flatMap((layer) => ['--layer', layer]);
  const args = ['scripts/cc-lb-plugin.mjs', 'vectors', '--driver', command, ...chosen, '--json'];
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0 && status !== 1) throw new Error(`cc-lb-plugin vectors ended with exit code ${status}`);
  // The cast: the program's own report.
  return JSON.parse(stdout) as VectorsReport;
}
