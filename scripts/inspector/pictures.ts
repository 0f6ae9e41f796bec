// Takes the pictures of the inspector anew, with the Chromium of this machine:
//   npm run inspector:pictures
// test/inspector/page/pictures.test.ts compares them with what the page looks like.
import { mkdirSync, writeFileSync } from 'node:fs';
import {
  inspectorFolder,
  inspectorPictures,
  picturedInspector,
  takePicture,
} from '../../test/support/inspector-pictures.ts';
import { chromiumFor, startBrowser } from '../../test/support/page-browser.ts';

const found = chromiumFor('the pictures of the inspector');
if (found === undefined) process.exitCode = 1;
else {
  mkdirSync(inspectorFolder, { recursive: true });
  const [browser, html] = [await startBrowser(found), await picturedInspector()];
  let size = 0;
  for (const picture of inspectorPictures) {
    const png = await takePicture(browser, html, picture);
    writeFileSync(new URL(picture.file, inspectorFolder), png);
    size += png.length;
  }
  await browser.close();
  console.log(`${inspectorPictures.length} pictures of together ${(size / 1000).toFixed(0)} kB with ${found.title}`);
}
