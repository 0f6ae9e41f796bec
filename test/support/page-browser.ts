import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import process from 'node:process';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type Chromium, findChromium } from './chromium.ts';
import { isLeftOut } from './only-this-node.ts';

/**
 * Finds the Chromium that opens pages. Prints the reason if there is none.
 *
 * @param what is left out then.
 */
export function chromiumFor(what: string): Chromium | undefined {
  if ('Deno' in globalThis || 'Bun' in globalThis) {
    console.log(`skipped: ${what}: playwright drives a browser from Node only`);
    return undefined;
  }
  if (isLeftOut(what)) return undefined;
  const found = findChromium();
  if (found === undefined) console.log(`skipped: ${what}: no Chromium on this machine`);
  return found;
}

/** Starts a headless browser. The caller closes it. */
export async function startBrowser({ command }: Chromium): Promise<Browser> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []; // Chromium has none for root
  // The same edges of letters on every machine.
  const args = [...sandbox, '--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'];
  return await chromium.launch({ executablePath: command, headless: true, args });
}

/** The ways in which the pages of reports are looked at. */
export const views = {
  light: { colorScheme: 'light', viewport: { width: 1000, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1000, height: 800 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  /** The width is that of A4 within the margins. */
  print: { colorScheme: 'light', viewport: { width: 688, height: 1000 } },
} as const satisfies Readonly<Record<string, BrowserContextOptions>>;

/** One of {@link views}. */
export type View = keyof typeof views;

/**
 * Opens a page in a view, uses it, and closes it.
 *
 * @param html the document.
 */
export async function inView<T>(
  browser: Browser,
  view: View,
  html: string,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  // Tests may then run axe and set fonts. Pages whose policy is tested are opened without this.
  const context = await browser.newContext({ ...views[view], bypassCSP: true });
  try {
    const page = await context.newPage();
    if (view === 'print') await page.emulateMedia({ media: 'print' });
    await page.setContent(html);
    return await use(page);
  } finally {
    await context.close();
  }
}

const require = createRequire(import.meta.url);

/** The faces of the test's fonts: the file, and the weight. */
const FACES = [
  ['Report Sans', 'DejaVuSans.ttf', 400],
  ['Report Sans', 'DejaVuSans-Bold.ttf', 700],
  ['Report Mono', 'DejaVuSansMono.ttf', 400],
] as const;

/**
 * Letters a page with the fonts of the package dejavu-fonts-ttf, placed as these say, so the fonts
 * and settings of the machine change nothing.
 */
export async function setTestFonts(page: Page): Promise<void> {
  const faces = FACES.map(async ([family, file, weight]) => {
    const font = await readFile(require.resolve(`dejavu-fonts-ttf/ttf/${file}`), 'base64');
    return `@font-face { font-family: "${family}"; font-weight: ${weight}; src: url(data:font/ttf;base64,${font}); }`;
  });
  const fonts = [
    'body { font-family: "Report Sans"; text-rendering: geometricPrecision; }',
    'code, pre, textarea { font-family: "Report Mono"; }',
  ];
  await page.addStyleTag({ content: [...(await Promise.all(faces)), ...fonts].join('\n') });
  await page.evaluate(async () => await document.fonts.ready);
}

/** Takes a picture of a whole page, as PNG, with the fonts of {@link setTestFonts}. */
export async function pictureOf(page: Page): Promise<Buffer> {
  await setTestFonts(page);
  return await page.screenshot({ fullPage: true, animations: 'disabled' });
}

/** What axe-core finds wrong with a page: the rule, and the first element that breaks it. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) {
    await page.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
  }
  return await page.evaluate(async () => {
    // The script above sets it.
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResult> } };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
  });
}

/** The part of axe's result that is used. */
interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}
