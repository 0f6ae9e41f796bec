import { leb, longSection, moduleOf, name, section } from '../support/bytes.ts';

/*
 * Modules that are large, or that an assembler cannot make.
 */

const I32 = 0x7f;
const [BLOCK, BR_TABLE, I32_CONST, UNREACHABLE, END] = [0x02, 0x0e, 0x41, 0x00, 0x0b];

/** The shortest element of each section. */
const elements: ReadonlyMap<number, readonly number[]> = new Map([
  [1, [0x60, 0, 0]],
  [2, [0, 0, 0, 0]],
  [3, [0]],
  [4, [0x70, 0, 0]],
  [5, [0, 0]],
  [6, [I32, 0, I32_CONST, 0, END]],
  [7, [0, 0, 0]],
  [9, [1, 0, 0]],
  [11, [1, 0]],
]);

/** A module with one section of `count` elements, up to 60 MB. */
export function fullSection(id: number, count: number): Uint8Array {
  const element = elements.get(id) ?? [];
  const fitting = Math.min(count, Math.floor(60_000_000 / element.length));
  return repeated(id, leb(fitting), element, fitting);
}

/** A module with one recursive group of `count` types. */
export function typeGroup(count: number): Uint8Array {
  return repeated(1, [1, 0x4e, ...leb(count)], [0x60, 0, 0], count);
}

/** A module with `count` custom sections, without an identity. */
export function customSections(count: number): Uint8Array {
  const bytes = new Uint8Array(8 + 3 * count);
  bytes.set(moduleOf());
  for (let index = 0; index < count; index++) bytes.set([0, 1, 0], 8 + 3 * index);
  return bytes;
}

/** A module that ends in one section: a head, the same bytes `count` times, and a tail. */
function repeated(
  id: number,
  head: readonly number[],
  element: readonly number[],
  count: number,
  before: Uint8Array = moduleOf(),
  tail: readonly number[] = [],
): Uint8Array {
  const size = head.length + element.length * count + tail.length;
  const start = [...before, id, ...leb(size), ...head];
  const bytes = new Uint8Array(start.length - head.length + size);
  bytes.set(start);
  bytes.set(tail, bytes.length - tail.length);
  for (let index = 0, at = start.length; index < count; index++, at += element.length) {
    for (let part = 0; part < element.length; part++) bytes[at + part] = element[part] ?? 0;
  }
  return bytes;
}

/** A module that imports the same function `count` times. */
export function importsModule(count: number): Uint8Array {
  const before = moduleOf(section(1, 1, 0x60, 0, 0));
  return repeated(2, leb(count), [...name('a'), ...name('b'), 0x00, 0x00], count, before);
}

/** A module with one section, which announces 4,294,967,295 elements. */
export function vectorOfHugeCount(id: number): Uint8Array {
  // In sections 3 and 10 the first fault is that the numbers of functions and of bodies differ.
  return moduleOf(section(id, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x00, 0x00, 0x00));
}

/** A module with a function of `count` locals in one group. */
export function locals(count: number): Uint8Array {
  const body = [1, ...leb(count), I32, END];
  return moduleOf(section(1, 1, 0x60, 0, 0), section(3, 1, 0), section(10, 1, ...leb(body.length), ...body));
}

/** A module with `count` functions of `each` locals. */
export function functionsOfLocals(count: number, each: number): Uint8Array {
  const body = [1, ...leb(each), I32, END];
  const types = longSection(3, leb(count).concat(new Array<number>(count).fill(0)));
  return repeated(10, leb(count), [...leb(body.length), ...body], count, moduleOf(section(1, 1, 0x60, 0, 0), types));
}

/** A module with a function that repeats the same instructions, and a memory of a page. */
export function functionOf(code: readonly number[], times: number): Uint8Array {
  const before = moduleOf(section(1, 1, 0x60, 0, 0), section(3, 1, 0), section(5, 1, 0, 1));
  const size = 1 + code.length * times + 1;
  return repeated(10, [1, ...leb(size), 0], code, times, before, [END]);
}

/**
 * A module with nested blocks of `results` results, and a `br_table` of `labels` labels at each
 * depth.
 */
export function labelTables(depth: number, results: number, labels: number): Uint8Array {
  const type = [0x60, ...leb(0), ...leb(results), ...new Array<number>(results).fill(I32)];
  const branch = [I32_CONST, 0, BR_TABLE, ...leb(labels), ...new Array<number>(labels).fill(0), 0];
  const body = [
    [0],
    ...Array.from({ length: depth }, () => [BLOCK, 0]),
    ...Array.from({ length: results }, () => [I32_CONST, 0]),
    ...(labels > 0 ? [branch] : []),
    ...Array.from({ length: depth }, () => (labels > 0 ? [END, ...branch] : [END])),
    [UNREACHABLE, END],
  ].flat();
  return moduleOf(
    longSection(1, [1, ...type]),
    section(3, 1, 0),
    longSection(10, [1, ...leb(body.length)].concat(body)),
  );
}
