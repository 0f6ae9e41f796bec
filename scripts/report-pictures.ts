// Takes the pictures of the HTML reports anew, with the Chromium of this machine:
//   npm run report:pictures
// test/cli/conformance-pictures.test.ts compares them with what the pages look like.
import { mkdirSync, writeFileSync } from 'node:fs';
import { chromiumFor, inView, pictureOf, startBrowser } from '../test/support/page-browser.ts';
import { folder, pictures } from '../test/support/report-pictures.ts';

const found = chromiumFor('the pictures of reports');
if (found === undefined) process.exitCode = 1;
else {
  mkdirSync(folder, { recursive: true });
  const browser = await startBrowser(found);
  for (const { file, view, html } of pictures) {
    writeFileSync(new URL(file, folder), await inView(browser, view, html(), pictureOf));
  }
  await browser.close();
  console.log(`${pictures.length} pictures with ${found.title}`);
}
