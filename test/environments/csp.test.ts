// The package in a page of Chromium under a Content-Security-Policy, with and without
// 'wasm-unsafe-eval'; and how modules come to a page that may not compile.
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixture } from '../support/fixture.ts';
import { fixturePaths } from '../support/fixtures-list.ts';
import { chromiumFor, startBrowser } from '../support/page-browser.ts';
import { prepared } from '../support/prepared-fixture.ts';
import { bundledProbes, probedBytes } from './bundled-probes.ts';
import type { Environment, Outcomes, ProbedPlugins } from './probes.ts';
import { assertAllowed, assertRefused } from './refusals.ts';
import { type Served, servePages } from './served-pages.ts';

const pages = suite('in a page with a Content-Security-Policy');

const FORBIDDING = "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'self'";
const ALLOWING = FORBIDDING.replace("'self'", "'self' 'wasm-unsafe-eval'");

/** A worker that compiles what it fetches, and posts the module. It has a policy of its own. */
const COMPILER = `onmessage = async ({ data: path }) => {
  try { postMessage({ module: await WebAssembly.compileStreaming(fetch(path)) }); }
  catch (error) { postMessage({ refused: String(error) }); }
};`;

/** A page that compiles for the page around it. */
const FRAME = '<!doctype html><title>.</title><script src="/frame.js"></script>';
const FRAME_SCRIPT = 'globalThis.compileAt = async (path) => await WebAssembly.compileStreaming(fetch(path));';

/** Imports a module as the source of an instance, which no script compiles. */
const SOURCE_IMPORT = `import source module from '/prepared/0'; globalThis.imported = module;`;

/** What the scripts make global in a page. */
interface PageGlobals {
  environment: Environment;
  imported?: WebAssembly.Module;
}

const html = (script: string): string => `<!doctype html><title>.</title><script src="${script}"></script>`;

async function servedFiles(): Promise<Readonly<Record<string, Served>>> {
  const script = 'text/javascript';
  const modules: Record<string, Served> = {};
  for (const [index, path] of fixturePaths.entries()) {
    const wasm = await fixture(path);
    modules[`/prepared/${index}`] = { type: 'application/wasm', body: prepared(wasm) };
    modules[`/original/${index}`] = { type: 'application/wasm', body: wasm };
  }
  const { withoutKernel, callsHost, converting } = await probedBytes();
  for (const [name, body] of Object.entries({ withoutKernel, callsHost, converting }))
    if (body !== undefined) modules[`/probed/${name}`] = { type: 'application/wasm', body };
  return {
    ...modules,
    '/forbidding': { type: 'text/html', body: html('/probes.js'), policy: FORBIDDING },
    '/allowing': { type: 'text/html', body: html('/probes.js'), policy: ALLOWING },
    '/probes.js': { type: script, body: await bundledProbes() },
    '/compiler.js': { type: script, body: COMPILER, policy: ALLOWING },
    '/forbidden-compiler.js': { type: script, body: COMPILER, policy: FORBIDDING },
    '/frame': { type: 'text/html', body: FRAME, policy: ALLOWING },
    '/frame.js': { type: script, body: FRAME_SCRIPT },
    '/source-import.js': { type: script, body: SOURCE_IMPORT },
  };
}

const chromium = chromiumFor('a page with a Content-Security-Policy');
const browser = chromium && (await startBrowser(chromium));
const served = browser && (await servePages(await servedFiles()));

/** Uses a page with one of the policies. */
async function inPage<T>(path: 'forbidding' | 'allowing', use: (page: Page) => Promise<T>): Promise<T> {
  if (browser === undefined || served === undefined) throw new Error('there is no Chromium');
  const page = await browser.newPage();
  try {
    await page.goto(`${served.url}/${path}`);
    return await use(page);
  } finally {
    await page.close();
  }
}

/** A test that needs Chromium. */
function inChromium(title: string, test: () => Promise<void>): void {
  pages(title, async () => {
    if (chromium !== undefined) await test();
  });
}

const { router, filter, converting } = await probedBytes();
if (converting === undefined) console.log('skipped: a conversion of references: this Node cannot write it');

inChromium("without 'wasm-unsafe-eval' every function that compiles says what to do", async () => {
  await inPage('forbidding', async (page) => {
    const [compiling, reading] = await page.evaluate(
      async (given) => {
        const { environment } = globalThis as unknown as PageGlobals; // the script has made it
        const worker = new Worker('/compiler.js');
        const compiled = (path: string): Promise<WebAssembly.Module> =>
          new Promise((resolve) => {
            worker.onmessage = ({ data }) => resolve(data.module);
            worker.postMessage(path);
          });
        const withoutKernel = await compiled('/probed/withoutKernel');
        const callsHost = await compiled('/probed/callsHost');
        const converting = await compiled('/probed/converting');
        const all: ProbedPlugins = { ...given, withoutKernel, callsHost, converting };
        return [await environment.compiling(all), await environment.reading(all)] as const;
      },
      { router, filter },
    );
    const outcomes: Outcomes = JSON.parse(compiling);
    for (const name of ['the kernel', 'adapters', ...(converting === undefined ? [] : ['a conversion'])])
      assert.ok(Object.keys(outcomes).some((each) => each.includes(name)));
    assertRefused(outcomes);
    assertAllowed(JSON.parse(reading));
  });
});

inChromium("with 'wasm-unsafe-eval' all functions work", async () => {
  await inPage('allowing', async (page) => {
    const outcomes = await page.evaluate(
      async (given) => {
        const { environment } = globalThis as unknown as PageGlobals; // the script has made it
        return [await environment.compiling(given), await environment.reading(given)];
      },
      { router, filter },
    );
    for (const each of outcomes) assertAllowed(JSON.parse(each));
  });
});

/** The exchanges with all fixtures from their bytes, where a page may compile. */
async function exchangesFromBytes(): Promise<readonly string[]> {
  return await inPage('allowing', (page) =>
    page.evaluate(async (count) => {
      const { environment } = globalThis as unknown as PageGlobals; // the script has made it
      const exchanges: string[] = [];
      for (let index = 0; index < count; index++)
        exchanges.push(environment.exchange(await (await fetch(`/original/${index}`)).arrayBuffer()));
      return exchanges;
    }, fixturePaths.length),
  );
}

inChromium('all prepared fixtures, which a worker compiles and posts, are admitted and called', async () => {
  const expected = await exchangesFromBytes();
  const found = await inPage('forbidding', (page) =>
    page.evaluate(async (count) => {
      const { environment } = globalThis as unknown as PageGlobals; // the script has made it
      const worker = new Worker('/compiler.js');
      const exchanges: string[] = [];
      for (let index = 0; index < count; index++) {
        const module = await new Promise<WebAssembly.Module>((resolve) => {
          worker.onmessage = ({ data }) => resolve(data.module);
          worker.postMessage(`/prepared/${index}`);
        });
        exchanges.push(environment.exchange(module));
      }
      return exchanges;
    }, fixturePaths.length),
  );
  for (const [index, path] of fixturePaths.entries()) {
    // One fixture differs: test/exchanges.test.ts says why.
    if (path !== 'hostile/look-alikes.wasm') assert.is(found[index], expected[index], path);
  }
  assert.is(found.length, fixturePaths.length);
});

inChromium('a frame with a policy of its own compiles for the page around it', async () => {
  const exchange = await inPage('forbidding', (page) =>
    page.evaluate(async () => {
      const { environment } = globalThis as unknown as PageGlobals; // the script has made it
      const frame = document.createElement('iframe');
      frame.src = '/frame';
      await new Promise((resolve) => {
        frame.onload = resolve;
        document.documentElement.append(frame);
      });
      // The script of the frame has made it.
      const { compileAt } = frame.contentWindow as unknown as { compileAt(path: string): Promise<WebAssembly.Module> };
      const module = await compileAt('/prepared/0');
      if (module instanceof WebAssembly.Module) throw new Error('the module is of this realm');
      return environment.exchange(module);
    }),
  );
  assert.ok('report' in JSON.parse(exchange));
});

inChromium('a page that may not compile cannot stream one, and a worker with its policy cannot either', async () => {
  const refusals = await inPage('forbidding', (page) =>
    page.evaluate(async () => {
      const streamed = await WebAssembly.compileStreaming(fetch('/prepared/0')).then(() => 'compiled', String);
      const worker = new Worker('/forbidden-compiler.js');
      const posted = await new Promise<string>((resolve) => {
        worker.onmessage = ({ data }) => resolve(data.refused ?? 'compiled');
        worker.postMessage('/prepared/0');
      });
      return [streamed, posted];
    }),
  );
  for (const refusal of refusals) assert.match(refusal, /Content Security Policy|unsafe-eval/);
});

inChromium('the import of the source of a module, which the policy for scripts allows', async () => {
  const found = await inPage('forbidding', async (page) => {
    const imported = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const element = document.createElement('script');
          element.type = 'module';
          element.src = '/source-import.js';
          element.onload = () => resolve('loaded');
          element.onerror = () => resolve('failed');
          addEventListener('error', ({ message }) => resolve(message));
          document.documentElement.append(element);
        }),
    );
    if (imported !== 'loaded') return imported;
    return await page.evaluate(() => {
      const { environment, imported: module } = globalThis as unknown as PageGlobals; // the scripts have made them
      return module === undefined ? 'nothing' : environment.exchange(module);
    });
  });
  if (/SyntaxError/.test(found)) return console.log('skipped: the import of a source: this Chromium has none');
  assert.ok('report' in JSON.parse(found), found);
});

inChromium('a module that is too large for the main thread of a page is compiled asynchronously', async () => {
  const outcomes: Outcomes = await inPage('allowing', (page) =>
    page.evaluate(async () => {
      const { environment } = globalThis as unknown as PageGlobals; // the script has made it
      return JSON.parse(await environment.compilingLarge());
    }),
  );
  assert.is(outcomes.compilePluginAsync?.kind, undefined);
  const { kind, message = '' } = outcomes.compilePlugin ?? {};
  if (kind === undefined) return console.log('skipped: a module too large for a page: this Chromium compiles 9 MB');
  assert.is(kind, 'CompilationRefused');
  assert.match(message, /compile large modules with compilePluginAsync or admitAsync/);
});

pages.after(async () => {
  await browser?.close();
  served?.server.close();
});

pages.run();
