/** A test file, and how to load it: the file registers its suites while it is imported. */
export interface TestFile {
  /** Its path, such as `test/wasm/encoding/leb128.test.ts`. */
  readonly name: string;
  readonly load: () => Promise<unknown>;
}

/** The result of running test files. */
export interface Report {
  /** Tests that passed. */
  readonly passed: number;
  /** Tests that failed or that a hook kept from running, and files that could not be run. */
  readonly failed: number;
  /** The texts of the failures: one a suite or file, without terminal colours. */
  readonly failures: readonly string[];
}

/**
 * One suite in uvu's queue: the texts of its failures or `true`, then the tests that passed, were
 * skipped, and ran.
 */
type QueuedSuite = () => Promise<[errors: string | true, passed: number, skipped: number, total: number]>;

/** uvu's queue holds a group for each file: the name of the file, then its suites. */
type QueueGroup = [name: string | null, ...suites: QueuedSuite[]];

declare global {
  var UVU_DEFER: number | undefined;
  var UVU_QUEUE: QueueGroup[] | undefined;
  var UVU_INDEX: number | undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colour begins with one
const colour = /\x1b\[[\d;]*m/g;

/**
 * Runs all suites of the files in one process, as uvu's own runner does. It may be called again
 * when it is done. It also counts as failures what uvu accepts: a file that throws when it is
 * loaded, registers no suite or registers one too late; a suite without tests; a hook that throws
 * (uvu then leaves the tests out and reports no error); a test left out by `.skip` or `.only`.
 *
 * @param files the test files, in the order in which they run.
 * @returns the counts and the texts of the failures.
 */
export async function runSuites(files: readonly TestFile[]): Promise<Report> {
  const failures: string[] = [];
  let passed = 0;
  let failed = 0;
  const fail = (text: string, count = 1): void => {
    failures.push(text.replaceAll(colour, '').trimEnd());
    failed += count;
  };

  const counted =
    (file: string, suite: QueuedSuite): QueuedSuite =>
    async () => {
      const result = await suite();
      const [errors, ran, skipped, total] = result;
      passed += ran;
      if (errors !== true) fail(`${file}\n${errors}`, total - ran);
      else if (ran < total) fail(`${file}: ${total - ran} of ${total} tests did not run: a hook threw`, total - ran);
      if (total === 0) fail(`${file}: a suite has no test`);
      if (skipped > 0) fail(`${file}: ${skipped} left out by .skip or .only; print 'skipped: why' and return instead`);
      return result;
    };

  globalThis.UVU_DEFER = 1; // suites wait in the queue for exec(); uvu reads this when it is first loaded
  const { exec } = await import('uvu');
  globalThis.UVU_QUEUE ??= [];
  const queue = globalThis.UVU_QUEUE;
  queue.length = 0; // of the files that this process has run before

  for (const { name, load } of files) {
    const group: QueueGroup = [name];
    globalThis.UVU_INDEX = queue.push(group) - 1;
    try {
      await load();
      if (group.length === 1) fail(`${name}: registers no suite; is a .run() missing?`);
    } catch (error) {
      fail(`${name}: cannot be loaded: ${(error instanceof Error && error.stack) || String(error)}`);
    }
    for (const [index, suite] of group.entries()) if (typeof suite === 'function') group[index] = counted(name, suite);
  }

  const late: QueueGroup = [null];
  globalThis.UVU_INDEX = queue.push(late) - 1;
  await exec();
  if (late.length > 0) fail('a file registered a suite after it was loaded: await before .run() at the top level only');
  return { passed, failed, failures };
}
