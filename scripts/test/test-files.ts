import { readdir, readFile } from 'node:fs/promises';

const root = new URL('../../', import.meta.url);

/** The test files, and what is wrong with their sources. */
export interface TestFiles {
  /** Paths relative to the root of the project, with forward slashes, sorted. */
  readonly files: readonly string[];
  /** A sentence for each suite that its file never runs. */
  readonly faults: readonly string[];
}

/** Tests that run in no other runtime are found only in this folder. */
export const WORKERD_TESTS = 'test/workerd';

/**
 * Finds the test files whose path contains a text.
 *
 * @param part the text; '' for all files.
 * @param folder where they are: its path from the root of the project. Those of
 *   {@link WORKERD_TESTS} are found only if it is that folder.
 * @returns the files. A suite that its file forgets to run is found in the source.
 */
export async function findTestFiles(part: string, folder = 'test'): Promise<TestFiles> {
  const entries = await readdir(new URL(`${folder}/`, root), { recursive: true });
  const files = entries
    .map((entry) => `${folder}/${entry.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts') && file.includes(part))
    .filter((file) => folder === WORKERD_TESTS || !file.startsWith(`${WORKERD_TESTS}/`))
    .sort();
  const faults: string[] = [];
  for (const file of files) {
    const source = await readFile(new URL(file, root), 'utf8');
    for (const [, name] of source.matchAll(/\bconst (\w+) = suite\b/g)) {
      if (!source.includes(`${name}.run()`)) faults.push(`${file}: the suite ${name} has no ${name}.run()`);
    }
  }
  return { files, faults };
}

/**
 * Puts test files into the order in which they start: a file without a time first, then the slowest
 * first, so that processes which take files from one queue end at about the same time.
 *
 * @param files paths of test files.
 * @param seconds how long each takes, by path.
 * @returns the files in that order.
 */
export function longestFirst(files: readonly string[], seconds: Readonly<Record<string, number>>): string[] {
  const of = (file: string): number => seconds[file] ?? Number.POSITIVE_INFINITY;
  // Equal times, two infinite ones too, leave the order as it is.
  return [...files].sort((one, other) => (of(one) === of(other) ? 0 : of(other) - of(one)));
}
