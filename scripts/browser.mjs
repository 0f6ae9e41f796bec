// Runs the test files in headless Chromium, once in a page and once in a dedicated worker.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, print } from '@bytecodealliance/jco';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../', import.meta.url));
const fixtures = new URL('../fixtures/', import.meta.url);

/**
 * The Chromium of this machine: the path in the variable CHROMIUM, or the first known name on PATH.
 * @returns {{ command: string, title: string } | undefined}
 */
export function findChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  );
  for (const command of process.env.CHROMIUM ? [process.env.CHROMIUM] : onPath.filter(existsSync)) {
    const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8', timeout: 30_000 });
    if (status === 0) return { command, title: `chromium ${/[\d.]+/.exec(stdout)?.[0] ?? ''}` };
  }
  return undefined;
}

/** Where the tests' support modules reach for files or WebAssembly tools, the browser's take their place. */
const browserSupport = {
  name: 'browser-support',
  setup({ onResolve }) {
    const path = fileURLToPath(new URL('../test/support/browser.ts', import.meta.url));
    onResolve({ filter: /(?:^\.|\/support)\/(wat|print|fixture)\.ts$/ }, () => ({ path }));
  },
};

/** uvu prints a mark for each test: to send each of them from the browser would take longer than the tests. */
const quiet = `const log = console.log;
  console.log = (...texts) => { if (String(texts[0]).startsWith('skipped: ')) log(...texts); };`;

/** All test files as one module, which exports the promise of their report. */
async function bundle(files) {
  const imports = files.map((name) => `{ name: '${name}', load: () => import('./${name}') }`);
  const { outputFiles } = await build({
    stdin: {
      contents: `import { runSuites } from './test/support/suites.ts';
        ${quiet}
        export const report = runSuites([${imports}]);`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: 'inline',
    plugins: [browserSupport],
    logLevel: 'error',
  });
  return outputFiles[0].text;
}

/** The worker runs the same module, and posts the report; what nobody caught ends it. */
const worker = `
  addEventListener('unhandledrejection', ({ reason }) => postMessage({ uncaught: String(reason?.stack ?? reason) }));
  import('/tests.js').then(({ report }) => report).then(postMessage, (error) => postMessage({ uncaught: String(error.stack) }));`;

/** What the server answers, by path; a body is what was posted. */
const routes = (script) => ({
  '/': () => ['text/html', '<!doctype html><meta charset="utf-8"><title>tests</title>'],
  '/tests.js': () => ['text/javascript', script],
  '/worker.js': () => ['text/javascript', worker],
  '/wat': async (body) => ['application/wasm', await parse(body.toString('utf8'))],
  '/print': async (body) => ['text/plain', await print(body)],
});

async function answer(script, { url, method }, body) {
  const { pathname } = new URL(url, 'http://localhost');
  const route = routes(script)[pathname];
  if (route) return await route(body);
  const file = new URL(`.${pathname}`, new URL('../', fixtures));
  if (method !== 'GET' || !file.href.startsWith(fixtures.href)) throw new Error(`nothing is served at ${pathname}`);
  return ['application/octet-stream', await readFile(file)];
}

/** Serves the bundle, the fixtures and the WebAssembly tools on a free port of this machine only. */
async function serve(script) {
  const server = createServer(async (request, response) => {
    try {
      const chunks = await request.toArray();
      const [type, body] = await answer(script, request, Buffer.concat(chunks));
      response.setHeader('content-type', type).end(body);
    } catch (error) {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error.message ?? error));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Runs in the page: the tests there, or in a worker that it starts. */
const runners = {
  page: async () => (await import('/tests.js')).report,
  worker: () =>
    new Promise((resolve, reject) => {
      const worker = new Worker('/worker.js', { type: 'module' });
      worker.onmessage = ({ data }) => (data.uncaught ? reject(new Error(data.uncaught)) : resolve(data));
      worker.onerror = ({ message }) => reject(new Error(message));
    }),
};

/** The places in the browser where the tests run. */
export const browserPlaces = Object.keys(runners);

/**
 * Makes the tests ready to run in a browser, and serves them.
 * @param {string} command Chromium's
 * @param {string[]} files test files, relative to the project's root, with forward slashes
 * @returns an object whose `run(place, timeoutMs)` resolves to `{ report, output }`, or rejects when the tests came to no
 *   end or Chromium could not be started; `close()` stops serving
 */
export async function serveTests(command, files) {
  const server = await serve(await bundle(files));
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []; // Chromium has none for root

  /** Each place has a browser of its own: one that hangs takes nothing with it. */
  async function run(place, timeoutMs) {
    const browser = await chromium.launch({ executablePath: command, headless: true, args: sandbox });
    let timer;
    try {
      const page = await browser.newPage();
      const output = [];
      page.on('console', (message) => output.push(message.text()));
      const stopped = new Promise((_, reject) => {
        page.on('pageerror', reject);
        timer = setTimeout(
          reject,
          timeoutMs,
          new Error(`no end within ${timeoutMs / 1000} s; --timeout sets the limit`),
        );
      });
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      const report = await Promise.race([page.evaluate(runners[place]), stopped]);
      return { report, output: output.join('\n') };
    } finally {
      clearTimeout(timer);
      await browser.close();
    }
  }

  return { run, close: () => server.close() };
}
