// What a run of `npm run bench` shows: tables for the terminal and for README.md, and pictures.
import { lineChart } from './chart.mjs';

/** Hosts in the order of columns and lines; those that a run does not have are left out. */
const hostOrder = [
  'ours',
  'instance',
  'ours-unmetered',
  'extism-1',
  'extism-2',
  'reference',
  'plain-kernel',
  'floor',
  'memcpy',
];
/** The lines of pictures: what a reader would choose from. */
const drawnHosts = hostOrder.filter((host) => host !== 'ours-unmetered');

/** The pictures, by the file's name. */
const pictures = {
  'echo-bytes': { title: 'Echo, byte by byte', workload: 'echo', pick: /^echo, byte by byte/ },
  'echo-words': { title: 'Echo, eight bytes at a time', workload: 'echo', pick: /^echo, eight bytes/ },
  shape: {
    title: 'Dispatch of shape, a plugin in AssemblyScript',
    workload: 'dispatch',
    pick: /^shape, .* dialect\/dialect$/,
  },
  admission: { title: 'Admission, cold: time by the size of the module', workload: 'admission', pick: /./ },
};

/** The rows of the README's table, by workload and name. */
const shownRows = [
  ['call', 'empty export, empty input'],
  ['echo', 'echo, byte by byte, 300 B'],
  ['echo', 'echo, byte by byte, 3 KB'],
  ['echo', 'echo, byte by byte, 6.4 MB'],
  ['dispatch', 'filter, 10 candidates, router/router'],
  ['dispatch', 'filter, 10 candidates, rust/router/router'],
  ['dispatch', 'shape, 64 KB, dialect/dialect'],
  ['dispatch', 'shape, 10 MB, dialect/dialect'],
  ['dispatch', 'observe, 32 events, observer/observer'],
  ['admission', 'dialect/dialect'],
  ['admission', 'rust/router/router'],
];

/** A time in microseconds, with a unit that fits it. */
export function duration(us) {
  if (us >= 1e6) return `${(us / 1e6).toPrecision(3)} s`;
  if (us >= 1e3) return `${Number((us / 1e3).toPrecision(3))} ms`;
  return us >= 0.1 ? `${Number(us.toPrecision(3))} us` : `${Number((us * 1e3).toPrecision(2))} ns`;
}

/** A runtime's results with the reference's beside them. */
function joined({ results }, reference) {
  return results.map((result) => {
    const theirs = reference.find(({ workload, name }) => workload === result.workload && name === result.name);
    return { ...result, timings: [...result.timings, ...(theirs?.timings ?? [])] };
  });
}

function hostsOf(results) {
  return hostOrder.filter((host) => results.some(({ timings }) => timings.some((timing) => timing.host === host)));
}

/**
 * The pictures of one runtime's results, by their file names: `{ 'shape.svg': '<svg ...' }`.
 * @param {{ runtime: string, results: readonly object[] }} measured
 * @param {readonly object[]} reference
 * @param {Readonly<Record<string, string>>} titles of the hosts
 */
export function drawPictures(measured, reference, titles) {
  const results = joined(measured, reference);
  const drawn = Object.entries(pictures).flatMap(([file, { title, workload, pick }]) => {
    const rows = results.filter((result) => result.workload === workload && pick.test(result.name));
    if (rows.length === 0) return [];
    const lines = drawnHosts.map((host) => ({
      name: titles[host] ?? host,
      points: rows.flatMap(({ bytes, timings }) => {
        const timing = timings.find((one) => one.host === host);
        return timing === undefined ? [] : [[bytes, timing.microseconds]];
      }),
    }));
    return [[`${file}.svg`, lineChart({ title, subtitle: `time of one, ${measured.runtime}; less is better`, lines })]];
  });
  return Object.fromEntries(drawn);
}

function markdownTable(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function targetTable(runtimes, bundles) {
  const names = [...new Set(runtimes.flatMap(({ targets }) => targets.map(({ what }) => what)))];
  const cell = (found) => (found === undefined ? '' : `${found.shown}${found.met ? '' : ' **missed**'}`);
  const rows = names.map((what) => {
    const found = runtimes.map(({ targets }) => targets.find((target) => target.what === what));
    // Of targets that differ by runtime the newest Node's is shown last.
    const targets = [...new Set(found.flatMap((target) => (target === undefined ? [] : [target.target])))];
    return [what, targets.join(', '), ...found.map(cell)];
  });
  const sizes = bundles.map((target) => [target.what, target.target, cell(target), ...runtimes.slice(1).map(() => '')]);
  return markdownTable(['', 'target', ...runtimes.map(({ runtime }) => runtime)], [...rows, ...sizes]);
}

function timeTable(measured, reference, titles) {
  const results = joined(measured, reference);
  const hosts = hostsOf(results);
  const rows = shownRows.flatMap(([workload, name]) => {
    const row = results.find((result) => result.workload === workload && result.name === name);
    if (row === undefined) return [];
    const cells = hosts.map((host) => {
      const timing = row.timings.find((one) => one.host === host);
      return timing === undefined ? '' : duration(timing.microseconds);
    });
    return [[workload === 'admission' ? `admission, ${name}` : name, ...cells]];
  });
  return markdownTable([measured.runtime, ...hosts.map((host) => titles[host] ?? host)], rows);
}

/**
 * What stands in README.md between the markers.
 * @param {object} run what latest.json holds
 * @param {readonly string[]} files the pictures
 */
export function readmeText({ machine, versions, runtimes, reference, sizes, titles }, files) {
  const newest = runtimes.find(({ name }) => name === 'node') ?? runtimes[0];
  return [
    `Medians on ${machine}; ${versions.join(', ')}. Only ratios compare.`,
    targetTable(runtimes, sizes),
    newest === undefined ? '' : timeTable(newest, reference, titles),
    ...files.map((file) => `![${pictures[file.replace('.svg', '')].title}](scripts/bench/results/${file})`),
  ].join('\n\n');
}
