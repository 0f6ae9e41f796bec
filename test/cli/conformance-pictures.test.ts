// The pages of reports look as in the pictures of test/cli/pictures, in each view.
// `npm run report:pictures` takes the pictures anew.
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  accessibilityFaults,
  chromiumFor,
  inView,
  pictureOf,
  startBrowser,
  type View,
} from '../support/page-browser.ts';
import { pictureDifference } from '../support/picture-difference.ts';
import { folder, pages, pictures } from '../support/report-pictures.ts';

const look = suite('the look of a report');

const found = chromiumFor('the look of a report');
let browser: Browser | undefined;
look.before(async () => {
  browser = found && (await startBrowser(found));
});
look.after(async () => await browser?.close());

for (const { file, view, html } of pictures) {
  look(`is that of ${file}`, async () => {
    if (browser === undefined) return;
    assert.is(pictureDifference(new URL(file, folder), await inView(browser, view, html(), pictureOf)), undefined);
  });
}

look('differs from its picture if a colour, a width or a word changes', async () => {
  const [picture] = pictures;
  if (browser === undefined || picture === undefined) return;
  const changes = ['.mark.fail { color: #a03050 }', 'nav { margin-left: 1px }', '.hint b { font-size: 0 }'];
  for (const style of changes) {
    const changed = await inView(browser, picture.view, picture.html(), async (page) => {
      await page.addStyleTag({ content: style });
      return await pictureOf(page);
    });
    assert.match(pictureDifference(new URL(picture.file, folder), changed) ?? 'the same', /pixels/, style);
  }
});

for (const [name, html] of Object.entries(pages)) {
  look(`of ${name}: axe-core finds nothing in any view, folded or not`, async () => {
    for (const view of ['light', 'dark', 'phone', 'print'] as const satisfies readonly View[]) {
      if (browser === undefined) return;
      const faults = await inView(browser, view, html(), async (page) => {
        const folded = await accessibilityFaults(page);
        await page.evaluate(() => {
          for (const details of document.querySelectorAll('details')) details.open = true;
        });
        return [...folded, ...(await accessibilityFaults(page))];
      });
      assert.equal(faults, [], view);
    }
  });
}

look('axe-core finds a text without contrast', async () => {
  if (browser === undefined) return;
  const page =
    '<!doctype html><html lang="en"><title>t</title><main><h1 style="color:#eee;background:#fff">some text</h1></main>';
  const faults = await inView(browser, 'light', page, accessibilityFaults);
  assert.match(faults.join(), 'color-contrast: ');
});

look.run();
