import { readFile, writeFile } from 'node:fs/promises';

const file = new URL('seconds.json', import.meta.url);

/**
 * How long each test file took when that was last written.
 *
 * @returns seconds by the path of the test file.
 */
export async function readSeconds(): Promise<Readonly<Record<string, number>>> {
  // The cast: `writeSeconds` writes the file. A wrong value would only change the order of files.
  return JSON.parse(await readFile(file, 'utf8')) as Record<string, number>;
}

/**
 * Replaces the measured times.
 *
 * @param outcomes a path and its seconds, for every test file.
 */
export async function writeSeconds(
  outcomes: readonly { readonly file: string; readonly seconds: number }[],
): Promise<void> {
  const sums = new Map<string, number>();
  for (const { file: name, seconds } of outcomes) sums.set(name, (sums.get(name) ?? 0) + seconds);
  // Two digits: smaller differences are noise.
  const rows = [...sums].sort(([one], [other]) => (one < other ? -1 : 1));
  const rounded = rows.map(([name, seconds]) => [name, Number(seconds.toPrecision(2))]);
  await writeFile(file, `${JSON.stringify(Object.fromEntries(rounded), null, 2)}\n`);
}
