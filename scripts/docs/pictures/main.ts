// Draws the pictures of the documents in abi/: part of `npm run generate`.
//   node --import ./scripts/typescript.mjs scripts/docs/pictures/main.ts
// test/scripts/pictures.test.ts compares them with the files.
import { mkdirSync, writeFileSync } from 'node:fs';
import { pictures } from './pictures.ts';

const folder = new URL('../../../abi/pictures/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const picture of pictures) writeFileSync(new URL(picture.file, folder), picture.draw());
