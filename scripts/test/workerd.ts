// Runs test files in workerd, the runtime of edge workers: a worker that has them, with a plain
// configuration, is asked over HTTP for their report.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { fixture } from '../../test/support/fixture.ts';
import { fixturePaths } from '../../test/support/fixtures-list.ts';
import { exchangeFromBytes, prepared } from '../../test/support/prepared-fixture.ts';
import type { Report } from '../../test/support/suites.ts';
import type { Runtime } from '../runtimes.mjs';
import { SOCKET, serveWorker } from '../workerd-process.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Tests whose plugins are fixtures, and which need nothing of them but a module. A worker may not
 * compile: other tests make their modules, or read the bytes.
 */
const withFixtures: ReadonlySet<string> = new Set([
  'test/exchanges.test.ts',
  'test/hooks/fixtures.test.ts',
  'test/hooks/hostile/hostile.test.ts',
  'test/hooks/policies/host.test.ts',
  'test/hostile/answers.test.ts',
  'test/hostile/host-edges.test.ts',
  'test/hostile/kernel-abuse.test.ts',
  'test/hostile/loops.test.ts',
  'test/protocol/c-plugins.test.ts',
  'test/protocol/dispatch-fixtures.test.ts',
  'test/protocol/rust-admission.test.ts',
  'test/protocol/rust-plugins.test.ts',
]);

/** Whether a test file that runs on other runtimes runs in workerd too. */
export const runsInWorkerd = (file: string): boolean => withFixtures.has(file);

/** Replaces the support modules that read files and compile. */
const workerdSupport: Plugin = {
  name: 'workerd-support',
  setup({ onResolve }) {
    const path = fileURLToPath(new URL('../../test/support/workerd.ts', import.meta.url));
    onResolve({ filter: /(?:^\.|\/support)\/(fixture|prepared-fixture|wat|print)\.ts$/ }, () => ({ path }));
  },
};

/** A module of the worker: its name in imports, its kind in the configuration, and its file. */
type WorkerModule = readonly [name: string, kind: 'esModule' | 'wasm' | 'json' | 'data', file: string];

/** Fixtures that are also given as bytes, to be refused; of generation 1 also without a kernel. */
const alsoBytes = ['router/router.wasm', 'hooks/filter/filter.wasm'];

/** Writes modules of a worker into a folder, and code that gives them to the tests. */
class WorkerModules {
  readonly modules: WorkerModule[] = [];
  readonly #folder: string;
  readonly #imports: string[] = [];
  readonly #statements: string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Adds a file. @returns the name of what it is in the code. */
  async add(kind: WorkerModule[1], content: string | Uint8Array): Promise<string> {
    const index = this.modules.length;
    const name = `given-${index}.${kind}`;
    await writeFile(join(this.#folder, name), content);
    this.modules.push([name, kind, name]);
    this.#imports.push(`import given${index} from '${name}';`);
    return `given${index}`;
  }

  /** Adds a statement to the code. */
  state(statement: string): void {
    this.#statements.push(statement);
  }

  /** The source of a module that test/support/workerd.ts is filled by. */
  code(): string {
    const support = "import { given, givenBytes, givenWithoutKernel } from './test/support/workerd.ts';";
    return [support, ...this.#imports, ...this.#statements].join('\n');
  }
}

/** Writes the prepared fixtures and their exchanges. */
async function writeFixtures(folder: string): Promise<WorkerModules> {
  const written = new WorkerModules(folder);
  for (const path of fixturePaths) {
    const module = await written.add('wasm', prepared(await fixture(path)));
    const exchange = await written.add('json', JSON.stringify(await exchangeFromBytes(path)));
    written.state(`given.set('${path}', { module: ${module}, exchange: ${exchange} });`);
  }
  for (const path of alsoBytes) {
    const bytes = await fixture(path);
    written.state(`givenBytes.set('${path}', ${await written.add('data', bytes)});`);
    const withoutKernel = await written.add('wasm', prepared(bytes, 'instance'));
    written.state(`givenWithoutKernel.set('${path}', ${withoutKernel});`);
  }
  return written;
}

/** The worker: test files are loaded in the handler, but what imports the rest runs before. */
async function writeWorker(folder: string, fixtures: string, files: readonly string[]): Promise<void> {
  const imports = files.map((name) => `{ name: '${name}', load: () => import('./${name}') }`);
  const contents = `import 'virtual:fixtures';
    import './test/workerd/module-scope.ts';
    import { runSuites } from './test/support/suites.ts';
    export default { fetch: async () => Response.json(await runSuites([${imports}])) };`;
  const virtual: Plugin = {
    name: 'fixtures',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^virtual:fixtures$/ }, ({ path }) => ({ path, namespace: 'virtual' }));
      onLoad({ filter: /.*/, namespace: 'virtual' }, () => ({ contents: fixtures, resolveDir: root }));
    },
  };
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile: join(folder, 'worker.js'),
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['workerd', 'worker'],
    target: 'es2022',
    external: ['given-*'],
    ignoreAnnotations: true, // the package says that its modules do nothing when they are loaded
    plugins: [virtual, workerdSupport],
    logLevel: 'error',
  });
}

/**
 * A configuration of workerd with one worker on loopback. Since 2025-06-01 a worker may compile
 * while it is loaded. The flag takes that back, so that the tests have the stricter place.
 */
function configText(modules: readonly WorkerModule[]): string {
  const rows = modules.map(([name, kind, file]) => `    (name = "${name}", ${kind} = embed "${file}"),`);
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "${SOCKET}", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [
${rows.join('\n')}
  ],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  compatibilityFlags = ["disallow_eval_during_startup"],
);
`;
}

/** The day whose behaviour workerd has, whatever its version. */
const COMPATIBILITY_DATE = '2026-11-01';

/**
 * Runs test files in a worker.
 *
 * @param runtime what `findWorkerd` returns.
 * @param files test files that run in workerd, relative to the root of the project.
 * @param silenceMs the run is given up when the tests print nothing for this many milliseconds.
 * @returns the report and what the tests printed. Rejects if there is no report.
 */
export async function runInWorker(
  runtime: Runtime,
  files: readonly string[],
  silenceMs: number,
): Promise<{ readonly report: Report; readonly output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'workerd-'));
  try {
    const written = await writeFixtures(folder);
    await writeWorker(folder, written.code(), files);
    const config = join(folder, 'config.capnp');
    await writeFile(config, configText([['worker.js', 'esModule', 'worker.js'], ...written.modules]));
    return await askForReport(runtime, config, silenceMs);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function askForReport(
  runtime: Runtime,
  config: string,
  silenceMs: number,
): Promise<{ readonly report: Report; readonly output: string }> {
  let timer: NodeJS.Timeout | undefined;
  const silent = new Promise<never>((_, reject) => {
    const reason = `printed nothing for ${silenceMs / 1000} s; --timeout sets the limit`;
    timer = setTimeout(() => reject(new Error(reason)), silenceMs);
  });
  silent.catch(() => undefined); // it may come before anybody waits for it
  const worker = await serveWorker(runtime, config, { onOutput: () => void timer?.refresh() });
  try {
    const response = await Promise.race([fetch(worker.address), worker.ended, silent]);
    if (!response.ok) throw new Error(`the worker answered ${response.status}\n${worker.output()}`);
    // The cast: the worker answers with what `runSuites` returns.
    return { report: (await response.json()) as Report, output: worker.output() };
  } finally {
    clearTimeout(timer);
    await worker.close();
  }
}
