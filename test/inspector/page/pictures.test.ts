// The inspector looks as in the pictures that README and docs show. `npm run inspector:pictures`
// takes them anew.
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  inspectorFolder,
  inspectorPictures,
  picturedInspector,
  savedPictures,
  takePicture,
} from '../../support/inspector-pictures.ts';
import { inspectorChromium } from '../../support/inspector-tab.ts';
import { startBrowser } from '../../support/page-browser.ts';
import { pictureDifference } from '../../support/picture-difference.ts';

const look = suite('the look of the inspector');

/** The most bytes of all pictures together: every clone has them. */
const BYTES_MAX = 400_000;

let [browser, html]: [Browser | undefined, string] = [undefined, ''];
look.before(async () => {
  const found = inspectorChromium('the look of the inspector');
  if (found !== undefined) [browser, html] = await Promise.all([startBrowser(found), picturedInspector()]);
});
look.after(async () => await browser?.close());

for (const picture of inspectorPictures) {
  look(`is that of ${picture.file}`, async () => {
    if (browser === undefined) return;
    const taken = await takePicture(browser, html, picture);
    assert.is(pictureDifference(new URL(picture.file, inspectorFolder), taken), undefined);
  });
}

look('differs from its picture if a word changes', async () => {
  const [picture] = inspectorPictures;
  if (browser === undefined || picture === undefined) return;
  const changed = await takePicture(browser, html.replace('Looks into a plugin', 'Looks onto a plugin'), picture);
  assert.match(pictureDifference(new URL(picture.file, inspectorFolder), changed) ?? 'the same', /pixels/);
});

look('has small pictures, and no other', () => {
  const saved = savedPictures();
  assert.equal(
    saved.map(({ file }) => file),
    inspectorPictures.map(({ file }) => file).sort(),
  );
  const bytes = saved.reduce((sum, picture) => sum + picture.bytes, 0);
  assert.ok(bytes <= BYTES_MAX, `${bytes} bytes`);
});

look.run();
