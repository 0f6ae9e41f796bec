import { readFileSync } from 'node:fs';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/**
 * How far a page may be from its picture: another Chromium draws the edges of letters in another
 * way, a pixel here and there. `threshold` is how far two colours may be, from 0 to 1. No square of
 * `windowSize` pixels may have more than `most` others.
 */
const TOLERANCE = { threshold: 0.1, windowSize: 24, most: 24 } as const;

/**
 * What is wrong with a page, beside its picture.
 *
 * @param file of the picture.
 * @param actual what the page looks like, as PNG.
 * @returns `undefined` if it looks like the picture.
 */
export function pictureDifference(file: URL, actual: Buffer): string | undefined {
  const name = file.pathname.slice(file.pathname.lastIndexOf('/') + 1);
  const [one, two] = [PNG.sync.read(readFileSync(file)), PNG.sync.read(actual)];
  const [size, expected] = [two, one].map(({ width, height }) => `${width} x ${height}`);
  if (size !== expected) return `${name}: the page is ${size} pixels, the picture ${expected}`;
  const most = pixelmatch(one.data, two.data, undefined, one.width, one.height, TOLERANCE);
  return most > TOLERANCE.most ? `${name}: a square has ${most} other pixels` : undefined;
}
