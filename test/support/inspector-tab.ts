import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import type { Chromium } from './chromium.ts';
import { fixture } from './fixture.ts';
import { type InspectorPlaces, inspectorPlaces } from './inspector-page.ts';
import { chromiumFor, startBrowser, views } from './page-browser.ts';

/** How a tab is opened. */
export interface TabOptions {
  /** Where the page comes from. By default it is a file. */
  readonly place?: 'disk' | 'loopback';
  /** How it is looked at. By default wide and light. */
  readonly view?: 'light' | 'dark' | 'phone';
  /** The fragment of its address, with `#`. */
  readonly fragment?: string;
  /** Whether the test puts scripts into the page, as axe-core. Its policy then does not hold. */
  readonly isOpenToTests?: boolean;
  /**
   * Whether the test loads the page again, changes it or makes it complain. What holds for every
   * other use is then not asserted.
   */
  readonly isAttacked?: boolean;
  /** The document, if it is not the page as it is built. */
  readonly html?: string;
}

/** What a file is to the page: its name, and what is in it. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A file of fixtures: `router/router.wasm`. */
export async function fixtureFile(path: string): Promise<GivenFile> {
  return { name: path.slice(path.lastIndexOf('/') + 1), bytes: await fixture(path) };
}

/** The page as a person uses it: by roles and names. */
export class InspectorTab {
  readonly page: Page;
  /** What the page wrote to the console, threw, or was kept from by its policy. */
  readonly complaints: readonly string[];

  constructor(page: Page, complaints: readonly string[]) {
    this.page = page;
    this.complaints = complaints;
  }

  /** The part that tells which file is open. */
  get file(): Locator {
    return this.page.getByRole('status', { name: 'File' });
  }

  /** The part that tells what the worker does. */
  get work(): Locator {
    return this.page.getByRole('status', { name: 'Worker' });
  }

  /** Chooses a file with the file input. */
  async choose({ name, bytes }: GivenFile): Promise<void> {
    await this.page
      .getByLabel('Choose a plugin')
      .setInputFiles({ name, mimeType: 'application/wasm', buffer: Buffer.from(bytes) });
  }

  /** Opens a plugin that is in the page, by the name of its file. */
  async openSample(file: string): Promise<void> {
    const options = this.page.getByLabel('Or open a sample').locator('option');
    const label = await options
      .filter({ hasText: `${file}:` })
      .first()
      .textContent();
    await this.page.getByLabel('Or open a sample').selectOption({ label: label ?? file });
  }

  /** Goes to a part of the page. */
  async goTo(part: string): Promise<Locator> {
    await this.page.getByRole('navigation', { name: 'Parts' }).getByRole('link', { name: part, exact: true }).click();
    return this.part(part);
  }

  /** The names of the parts to which the page leads. */
  async parts(): Promise<string[]> {
    return await this.page.getByRole('navigation', { name: 'Parts' }).getByRole('link').allTextContents();
  }

  /** Waits for the end of an admission, and returns what the page says of it. */
  async verdict(): Promise<string> {
    return (await this.part('Layers').getByRole('status').textContent()) ?? '';
  }

  /** Unfolds everything that is folded on the page. */
  async unfold(): Promise<void> {
    await this.page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
  }

  /** How often a timer of the page has run. */
  async ticks(): Promise<number> {
    return await this.page.evaluate(() => Reflect.get(globalThis, 'inspectorTicks'));
  }

  /** Waits until a timer of the page has run a few more times: the page is alive. */
  async livesOn(): Promise<void> {
    const until = (await this.ticks()) + TICKS;
    await this.page.waitForFunction((count) => Reflect.get(globalThis, 'inspectorTicks') >= count, until);
  }

  /** A part of the page, when it is shown. */
  part(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  /** Waits until an element with this text is seen. */
  async sees(text: string | RegExp, within: Locator | Page = this.page): Promise<void> {
    await within.getByText(text).filter({ visible: true }).first().waitFor();
  }
}

/** How often a timer runs before a page is taken for alive, and the milliseconds between. */
const [TICKS, TICK_MS] = [20, 10];

/** The oldest Node that drives the browser. */
const DRIVER = 22;

/**
 * Finds the Chromium for the inspector, which is a page whatever drives it: one Node is enough.
 * Prints the reason if there is none.
 *
 * @param what is left out then.
 */
export function inspectorChromium(what: string): Chromium | undefined {
  const found = chromiumFor(what);
  if (found === undefined || Number.parseInt(process.versions.node, 10) >= DRIVER) return found;
  console.log(`skipped: ${what}: a newer Node drives the browser`);
  return undefined;
}

/** Uses a tab of the inspector. */
export type UseTab = (tab: InspectorTab) => Promise<void>;

/** The hooks of a suite that start and end the browser. */
interface Hooks {
  readonly before: (run: () => Promise<void>) => void;
  readonly after: (run: () => Promise<void>) => void;
}

/** The inspector in a browser, for one suite. */
export class InspectorBrowser {
  #browser: Browser | undefined;
  #places: InspectorPlaces | undefined;

  /** @param what the suite, for the reason that is printed where there is no browser. */
  constructor({ before, after }: Hooks, what: string) {
    before(async () => {
      const found = inspectorChromium(what);
      if (found === undefined) return;
      [this.#browser, this.#places] = await Promise.all([startBrowser(found), inspectorPlaces()]);
    });
    after(async () => {
      await Promise.all([this.#browser?.close(), this.#places?.close()]);
    });
  }

  /** The document; undefined where there is no browser. */
  get html(): string | undefined {
    return this.#places?.html;
  }

  /**
   * Opens the page in a tab, uses it, and then asserts what holds for every use: the page asked for
   * nothing but itself, complained of nothing, and has no element that a text made. Does nothing
   * where there is no browser.
   */
  async use(options: TabOptions, use: UseTab): Promise<void> {
    const { place = 'disk', view = 'light', fragment = '', html } = options;
    if (this.#browser === undefined || this.#places === undefined) return;
    const settings: BrowserContextOptions = { ...views[view], bypassCSP: options.isOpenToTests === true };
    const context = await this.#browser.newContext(settings);
    try {
      const address = `${this.#places[place]}${fragment}`;
      const requests: string[] = [];
      context.on('request', (request) => requests.push(request.url()));
      if (html !== undefined) {
        await context.route(this.#places[place], (route) => route.fulfill({ body: html, contentType: 'text/html' }));
      }
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      const complaints = await complaintsOf(page);
      await page.addInitScript((ms) => {
        Object.assign(globalThis, { inspectorTicks: 0 });
        setInterval(
          () => Object.assign(globalThis, { inspectorTicks: Reflect.get(globalThis, 'inspectorTicks') + 1 }),
          ms,
        );
      }, TICK_MS);
      await page.goto(address);
      await use(new InspectorTab(page, complaints));
      if (options.isOpenToTests === true || options.isAttacked === true) return;
      assert.equal(complaints, []);
      assert.equal(requests.filter(isOutside).map(withoutFragment), [this.#places[place]]);
      assert.equal(await strangeElements(page), []);
    } finally {
      await context.close();
    }
  }
}

/** Whether a request leaves the page: what is in a Blob or in the address itself does not. */
function isOutside(url: string): boolean {
  return !/^(?:blob|data):/.test(url);
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, '');
}

/** Listens for what a page complains about. */
async function complaintsOf(page: Page): Promise<readonly string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', (popup) => complaints.push(`popup: ${popup.url()}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`policy: ${violatedDirective} ${blockedURI}`),
    );
  });
  return complaints;
}

/**
 * Elements and attributes that the page never makes: what would load something, or run something
 * that stands in an attribute. Its two scripts are the data of its samples, and its own.
 */
async function strangeElements(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const loading = 'img, picture, iframe, frame, object, embed, audio, video, base, form, link:not([href="data:,"])';
    const found = [...document.querySelectorAll(`${loading}, script`)].filter(
      (element) => element.localName !== 'script' || element.parentElement !== document.body,
    );
    const acting = [...document.querySelectorAll('*')].filter((element) =>
      element.getAttributeNames().some((name) => name.startsWith('on') || name === 'srcdoc'),
    );
    const scripts = document.scripts.length === 2 ? [] : [`${document.scripts.length} scripts`];
    return [...scripts, ...[...found, ...acting].map((element) => element.outerHTML.slice(0, 100))];
  });
}
