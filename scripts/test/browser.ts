// Runs the test files in headless Chromium, once in a page and once in a dedicated worker.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parse, print } from '@bytecodealliance/jco';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import type { Report } from '../../test/support/suites.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** The folders that it serves. */
const served = ['fixtures/', 'abi/'].map((folder) => new URL(`../../${folder}`, import.meta.url));

/** Replaces the support modules that need files or WebAssembly tools by those for the browser. */
const browserSupport: Plugin = {
  name: 'browser-support',
  setup({ onResolve }) {
    const path = fileURLToPath(new URL('../../test/support/browser.ts', import.meta.url));
    onResolve({ filter: /(?:^\.|\/support)\/(wat|print|fixture)\.ts$/ }, () => ({ path }));
  },
};

/** Printed at most once a second while tests print something. */
const ALIVE = 'alive';

/**
 * uvu prints a mark for each test. Sending each of them out of the browser takes longer than the
 * tests, so only the reasons of skipped tests are sent, and a sign of life.
 */
const quiet = `const log = console.log;
  let saidAt = 0;
  console.log = (...texts) => {
    if (String(texts[0]).startsWith('skipped: ')) log(...texts);
    else if (performance.now() - saidAt > 1000) {
      saidAt = performance.now();
      log('${ALIVE}');
    }
  };`;

/** All test files as one module, which exports the promise of their report. */
async function bundleTests(files: readonly string[]): Promise<string> {
  const imports = files.map((name) => `{ name: '${name}', load: () => import('./${name}') }`);
  const contents = `import { runSuites } from './test/support/suites.ts';
    ${quiet}
    export const report = runSuites([${imports}]);`;
  return await bundle({ stdin: { contents, resolveDir: root, loader: 'ts' } });
}

/** Bundles a module and all that it imports, except support modules that read files. */
async function bundle(entry: Pick<BuildOptions, 'stdin' | 'entryPoints'>): Promise<string> {
  const { outputFiles } = await build({
    ...entry,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: 'inline',
    plugins: [browserSupport],
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

/** The worker runs the same module and posts the report. An uncaught error ends it. */
const worker = `
  addEventListener('unhandledrejection', ({ reason }) => postMessage({ uncaught: String(reason?.stack ?? reason) }));
  import('/tests.js')
    .then(({ report }) => report)
    .then(postMessage, (error) => postMessage({ uncaught: String(error.stack) }));`;

type Answer = readonly [type: string, body: string | Uint8Array];

const PAGE: Answer = ['text/html', '<!doctype html><meta charset="utf-8"><title>tests</title>'];

/** The path of a page that is isolated, so that it and its workers have shared memory. */
const ISOLATED = '/isolated';

/** The scripts that are served. */
interface Scripts {
  /** The tests. */
  readonly tests: string;
  /**
   * That of the workers of `hostInWorkers`, which the bundle of the tests looks for beside itself.
   */
  readonly hostWorker: string;
}

/** What the server answers, by path; `body` was posted. */
const routes = ({
  tests,
  hostWorker,
}: Scripts): Readonly<Record<string, (body: Buffer) => Answer | Promise<Answer>>> => ({
  '/': () => PAGE,
  [ISOLATED]: () => PAGE,
  '/tests.js': () => ['text/javascript', tests],
  '/worker.js': () => ['text/javascript', worker],
  '/worker.ts': () => ['text/javascript', hostWorker],
  '/wat': async (body) => ['application/wasm', await parse(body.toString('utf8'))],
  '/print': async (body) => ['text/plain', await print(body)],
});

async function answer(scripts: Scripts, { url, method }: IncomingMessage, body: Buffer): Promise<Answer> {
  const { pathname } = new URL(url ?? '', 'http://localhost');
  const route = routes(scripts)[pathname];
  if (route) return await route(body);
  const file = new URL(`../..${pathname}`, import.meta.url);
  const isServed = served.some(({ href }) => file.href.startsWith(href));
  if (method !== 'GET' || !isServed) throw new Error(`nothing is served at ${pathname}`);
  return ['application/octet-stream', await readFile(file)];
}

/**
 * Serves the bundle, the fixtures, the contract and the WebAssembly tools on a free port of the
 * loopback interface.
 */
async function serve(scripts: Scripts): Promise<Server> {
  const server = createServer(async (request, response) => {
    try {
      const chunks = await request.toArray();
      const [type, body] = await answer(scripts, request, Buffer.concat(chunks));
      // An isolated page needs both headers, and its workers the second.
      if (request.url === ISOLATED) response.setHeader('cross-origin-opener-policy', 'same-origin');
      if (request.url !== '/') response.setHeader('cross-origin-embedder-policy', 'require-corp');
      response.setHeader('content-type', type).end(body);
    } catch (error) {
      response
        .writeHead(500, { 'content-type': 'text/plain' })
        .end(error instanceof Error ? error.message : String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** The bundle of the script of the workers of `hostInWorkers`. */
const hostWorkerBundle = (): Promise<string> => bundle({ entryPoints: [`${root}src/host/workers/worker.ts`] });

/**
 * Runs a module in an isolated page.
 *
 * @param command Chromium's.
 * @param path of the module.
 * @param label what the line begins with that is waited for.
 * @returns the rest of the first such line that the module prints.
 */
export async function runInIsolatedPage(command: string, path: string, label: string): Promise<string> {
  const server = await serve({ tests: await bundle({ entryPoints: [path] }), hostWorker: await hostWorkerBundle() });
  const browser = await launch(command);
  try {
    const page = await browser.newPage();
    const line = new Promise<string>((resolve, reject) => {
      page.on('pageerror', reject);
      page.on('console', (message) => {
        if (message.text().startsWith(label)) resolve(message.text().slice(label.length));
      });
    });
    await page.goto(`${addressOf(server)}${ISOLATED}`);
    await page.addScriptTag({ type: 'module', url: '/tests.js' });
    return await line;
  } finally {
    await browser.close();
    server.close();
  }
}

function addressOf(server: Server): string {
  // A server on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

async function launch(command: string): Promise<Browser> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []; // Chromium has none for root
  return await chromium.launch({ executablePath: command, headless: true, args: sandbox });
}

/** What a worker posts: the report, or the text of an error that was not caught. */
type Posted = Report & { readonly uncaught?: string };

/**
 * Where the tests of each place begin: the page has no shared memory, as most pages; the worker
 * has.
 */
const paths = { page: '/', worker: ISOLATED } as const;

/** Run in the page: its own tests, or those of a worker that it starts. */
const runners = {
  page: async (): Promise<Report> => {
    const tests = '/tests.js'; // no literal: the compiler would look for the file
    // The cast: the bundle exports it.
    return await ((await import(tests)) as { readonly report: Promise<Report> }).report;
  },
  worker: (): Promise<Report> =>
    new Promise((resolve, reject) => {
      const worker = new Worker('/worker.js', { type: 'module' });
      worker.onmessage = ({ data }: MessageEvent<Posted>) =>
        data.uncaught === undefined ? resolve(data) : reject(new Error(data.uncaught));
      worker.onerror = ({ message }) => reject(new Error(message));
    }),
};

/** A place in the browser where tests run. */
export type BrowserPlace = keyof typeof runners;

/** All places, in the order in which they are reported. */
export const browserPlaces: readonly BrowserPlace[] = ['page', 'worker'];

/** Tests that are ready to run in a browser. */
export interface ServedTests {
  /**
   * Runs the tests in a browser of their own, so that one that hangs disturbs no other.
   *
   * @param place where.
   * @param silenceMs the run is given up when the tests print nothing for this many milliseconds.
   * @returns the report and what the tests printed. Rejects if there is no report, or if Chromium
   *   cannot be started.
   */
  run(place: BrowserPlace, silenceMs: number): Promise<{ readonly report: Report; readonly output: string }>;
  /** Stops serving. */
  close(): void;
}

/**
 * Bundles tests for a browser and serves them.
 *
 * @param command Chromium's.
 * @param files test files, relative to the root of the project, with forward slashes.
 * @returns the served tests.
 */
export async function serveTests(command: string, files: readonly string[]): Promise<ServedTests> {
  const server = await serve({
    tests: await bundleTests(files),
    hostWorker: await hostWorkerBundle(),
  });
  return {
    async run(place, silenceMs) {
      const browser = await launch(command);
      let timer: NodeJS.Timeout | undefined;
      try {
        const page = await browser.newPage();
        const output: string[] = [];
        const stopped = new Promise<never>((_, reject) => {
          page.on('pageerror', reject);
          const reason = `printed nothing for ${silenceMs / 1000} s; --timeout sets the limit`;
          timer = setTimeout(() => reject(new Error(reason)), silenceMs);
        });
        page.on('console', (message) => {
          timer?.refresh();
          if (message.text() !== ALIVE) output.push(message.text());
        });
        await page.goto(`${addressOf(server)}${paths[place]}`);
        const report = await Promise.race([page.evaluate(runners[place]), stopped]);
        return { report, output: output.join('\n') };
      } finally {
        clearTimeout(timer);
        await browser.close();
      }
    },
    close: () => server.close(),
  };
}
