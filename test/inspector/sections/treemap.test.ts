import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Rectangle, treemap } from '../../../src/inspector/sections/treemap.ts';

const map = suite('treemap');

const whole: Rectangle = { x: 0, y: 0, width: 2, height: 1 };

function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-9;
}

function area({ width, height }: Rectangle): number {
  return width * height;
}

map('gives each part an area as its size, within the whole and beside each other', () => {
  const sizes = [600, 600, 400, 300, 200, 200, 100, 5, 1];
  const placed = treemap(sizes, whole);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  placed.forEach((rectangle, at) => {
    assert.ok(near(area(rectangle), (2 * (sizes[at] ?? 0)) / total), `${at}`);
    assert.ok(rectangle.x >= 0 && rectangle.x + rectangle.width < 2 + 1e-9);
    assert.ok(rectangle.y >= 0 && rectangle.y + rectangle.height < 1 + 1e-9);
    for (const other of placed.slice(at + 1)) {
      const wide = Math.min(rectangle.x + rectangle.width, other.x + other.width) - Math.max(rectangle.x, other.x);
      const high = Math.min(rectangle.y + rectangle.height, other.y + other.height) - Math.max(rectangle.y, other.y);
      assert.ok(wide < 1e-9 || high < 1e-9, `${at} overlaps another`);
    }
  });
});

map('keeps equal parts near to squares', () => {
  for (const { width, height } of treemap(Array<number>(18).fill(1), whole)) {
    assert.ok(Math.max(width / height, height / width) < 1.6, `${width} by ${height}`);
  }
});

map('takes one part for the whole, and parts without size for nothing', () => {
  assert.equal(treemap([7], whole), [whole]);
  assert.equal(treemap([], whole), []);
  assert.equal(treemap([0, 0], whole).map(area), [0, 0]);
  assert.equal(treemap([3, 0], whole).map(area), [2, 0]);
});

map('takes sizes that differ by far, and a whole without an area', () => {
  for (const rectangle of treemap([2 ** 31, ...Array<number>(200).fill(1)], whole)) {
    for (const value of Object.values(rectangle)) assert.ok(Number.isFinite(value) && value >= 0);
  }
  for (const rectangle of treemap([2, 1], { ...whole, width: 0 })) assert.is(area(rectangle), 0);
});

map.run();
