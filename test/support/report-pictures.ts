import { htmlReport, htmlSeriesReport } from '../../src/conformance/index.ts';
import { EXAMPLE_SHA256, examplePage, exampleSeries, failingReport } from './example-report.ts';
import type { View } from './page-browser.ts';

/** The pages that have pictures, by name. */
export const pages: Readonly<Record<string, () => string>> = {
  report: () => htmlReport(failingReport, { ...examplePage, file: 'plugins/my-router.wasm', sha256: EXAMPLE_SHA256 }),
  series: () => htmlSeriesReport(exampleSeries, examplePage),
};

/** Where the pictures are. */
export const folder = new URL('../cli/pictures/', import.meta.url);

/** A picture of a page. */
export interface Picture {
  /** The name of its file. */
  readonly file: string;
  readonly view: View;
  readonly html: () => string;
}

/** The pictures: each page in each view. */
export const pictures: readonly Picture[] = Object.entries(pages).flatMap(([name, html]) =>
  (['light', 'dark', 'phone', 'print'] as const satisfies readonly View[]).map((view) => ({
    file: `${name}-${view}.png`,
    view,
    html,
  })),
);
