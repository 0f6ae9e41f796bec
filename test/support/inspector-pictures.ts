import { readdirSync, statSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { setTestFonts } from './page-browser.ts';

/** Where the pictures are. */
export const inspectorFolder = new URL('../inspector/pictures/', import.meta.url);

/** A picture of the inspector: what a reader has done, and what of the page is seen. */
export interface InspectorPicture {
  /** The name of its file. */
  readonly file: string;
  readonly colorScheme: 'light' | 'dark';
  readonly viewport: { readonly width: number; readonly height: number };
  /** The fragment of the address, with `#`. */
  readonly fragment: string;
  /** Does what a reader does. */
  readonly use: (page: Page) => Promise<void>;
}

/** The pictures that README and docs show. */
export const inspectorPictures: readonly InspectorPicture[] = [
  {
    file: 'layers.png',
    colorScheme: 'light',
    viewport: { width: 900, height: 930 },
    fragment: '#sample=router',
    use: async (page) => await page.getByText('Response of Layer 4: record').waitFor(),
  },
  {
    file: 'code.png',
    colorScheme: 'light',
    viewport: { width: 900, height: 640 },
    fragment: '#sample=router&panel=function',
    use: async (page) => {
      await page.getByRole('columnheader', { name: 'Metered' }).waitFor();
      await toTop(page.getByRole('heading', { name: /^Function / }));
    },
  },
  {
    file: 'call.png',
    colorScheme: 'light',
    viewport: { width: 900, height: 1180 },
    fragment: '#sample=router&panel=call&repeats=60',
    use: async (page) => {
      await page.getByRole('button', { name: 'Call filter' }).click();
      await page.getByRole('region', { name: 'Result of the call' }).waitFor();
      await page.getByRole('button', { name: 'Repeat the call' }).click();
      await page.getByText('60 of 60 calls were answered.').waitFor();
      await toTop(page.getByRole('button', { name: 'Call filter' }));
    },
  },
  {
    file: 'sections-dark.png',
    colorScheme: 'dark',
    viewport: { width: 900, height: 700 },
    fragment: '#sample=router&panel=sections',
    use: async (page) => {
      await page.getByRole('table', { name: 'Sections of the module' }).waitFor();
      await toTop(page.getByRole('heading', { name: 'Sections', exact: true }));
    },
  },
  {
    file: 'conformance-phone.png',
    colorScheme: 'light',
    viewport: { width: 390, height: 844 },
    fragment: '#sample=bad-answers&panel=conformance',
    use: async (page) => {
      await page.getByRole('button', { name: 'Run the checks' }).click();
      await page.getByText('All checks').waitFor();
      await toTop(page.getByRole('heading', { name: 'Conformance', exact: true }));
    },
  },
];

/** The pictures that are there, with their sizes in bytes, by name. */
export function savedPictures(): { readonly file: string; readonly bytes: number }[] {
  const files = readdirSync(inspectorFolder).sort();
  return files.map((file) => ({ file, bytes: statSync(new URL(file, inspectorFolder)).size }));
}

/** Scrolls an element to the top. */
async function toTop(place: Locator): Promise<void> {
  await place.evaluate((element) => element.scrollIntoView());
}

/**
 * Runs before the script of the page, and in its worker too. Times are then the same in every run:
 * each reading of the clock is a tenth of a millisecond after the one before, so a time says how
 * often the clock was read. Plots are lettered with the fonts of tests.
 */
const SAME_EACH_TIME = `(() => {
  let now = 0;
  performance.now = () => (now += 0.1);
  Date.now = () => 1767225600000 + Math.floor(now);
  if (typeof CanvasRenderingContext2D === 'undefined') return;
  const { get, set } = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'font');
  const withTestFont = function (font) { set.call(this, font.replace(/(px ).*/, '$1"Report Sans"')); };
  Object.defineProperty(CanvasRenderingContext2D.prototype, 'font', { get, set: withTestFont });
})();`;

/** The inspector, as pictures show it. */
export async function picturedInspector(): Promise<string> {
  // Loaded here, because esbuild is of use only where there is a browser for the page.
  const { buildInspector } = await import('../../scripts/inspector/build.ts');
  const { html } = await buildInspector();
  return html.replace('<script>', () => `<script>${SAME_EACH_TIME}`);
}

/** The address at which the pictured page is. Nothing is asked for there. */
const ADDRESS = 'http://inspector.invalid/';

/**
 * Takes a picture, as PNG.
 *
 * @param html what {@link picturedInspector} returns.
 */
export async function takePicture(browser: Browser, html: string, picture: InspectorPicture): Promise<Buffer> {
  const { colorScheme, viewport, fragment, use } = picture;
  // The changed script has another hash than the policy of the page allows.
  const context = await browser.newContext({ colorScheme, viewport, bypassCSP: true });
  try {
    const page = await context.newPage();
    await page.route(ADDRESS, (route) => route.fulfill({ body: html, contentType: 'text/html' }));
    await page.goto(ADDRESS + fragment);
    await setTestFonts(page);
    await page.getByRole('region', { name: /./ }).first().waitFor();
    await use(page);
    await page.mouse.move(0, 0);
    await page.getByText('Working…').waitFor({ state: 'detached' });
    await page.evaluate(() =>
      document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined,
    );
    const taken = PNG.sync.read(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
    return PNG.sync.write(taken, { deflateLevel: 9, deflateStrategy: 0, colorType: 2, filterType: 0 });
  } finally {
    await context.close();
  }
}
