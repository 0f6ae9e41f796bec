import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WasmFormatError } from '../../../src/wasm/encoding/error.ts';
import { type IndexMaps, LOCALS_MAX, readModule, rewriteModule } from '../../../src/wasm/index.ts';
import { leb, moduleOf, section } from '../../support/bytes.ts';
import { failureOf } from '../../support/failure.ts';

// Rewrites one section at a time, and compares the bytes. No engine runs them, since not all
// engines have all of these features.

const elements = suite('elements of sections');

/** Each space moves by its own distance, so that no index equals a byte next to it. */
const moved: IndexMaps = {
  type: (index) => (index === 0 ? 0 : index + 20),
  function: (index) => index + 30,
  table: (index) => (index === 0 ? 0 : index + 40),
  memory: (index) => (index === 0 ? 0 : index + 50),
  global: (index) => index + 10,
};

/** Rewrites a section. */
function rewritten(...bytes: readonly number[]): number[] {
  const module = moduleOf(bytes);
  const written = rewriteModule(
    module,
    { ...emptyModule, sections: readSections(module) },
    {
      indices: moved,
      additions: () => ({}),
    },
  );
  return [...written.subarray(8)];
}

const emptyModule = readModule(moduleOf());
const readSections = (bytes: Uint8Array) => [
  { id: bytes[8] ?? 0, name: undefined, offset: 8, contentOffset: 10, end: bytes.length },
];

const ELEMENT = 9;
const DATA = 11;
const TYPE = 1;
const ZERO = [0x41, 0x00, 0x0b]; // i32.const 0 end
const GLOBAL_1 = [0x23, 0x01, 0x0b]; // global.get 1 end
const GLOBAL_11 = [0x23, 0x0b, 0x0b];

const rows: readonly (readonly [what: string, id: number, before: readonly number[], after: readonly number[]])[] = [
  ['an element segment in table 0', ELEMENT, [1, 0x00, ...ZERO, 1, 0x02], [1, 0x00, ...ZERO, 1, 0x20]],
  ['the offset of an element segment', ELEMENT, [1, 0x00, ...GLOBAL_1, 0], [1, 0x00, ...GLOBAL_11, 0]],
  ['a passive element segment', ELEMENT, [1, 0x01, 0x00, 1, 0x02], [1, 0x01, 0x00, 1, 0x20]],
  [
    'an element segment that names its table',
    ELEMENT,
    [1, 0x02, 0x01, ...ZERO, 0x00, 1, 0x02],
    [1, 0x02, 0x29, ...ZERO, 0x00, 1, 0x20],
  ],
  ['a declarative element segment', ELEMENT, [1, 0x03, 0x00, 1, 0x02], [1, 0x03, 0x00, 1, 0x20]],
  [
    'an element segment of expressions',
    ELEMENT,
    [1, 0x04, ...ZERO, 1, 0xd2, 0x02, 0x0b],
    [1, 0x04, ...ZERO, 1, 0xd2, 0x20, 0x0b],
  ],
  [
    'an element segment of expressions that names its type and its table',
    ELEMENT,
    [1, 0x06, 0x01, ...ZERO, 0x63, 0x01, 1, 0xd0, 0x01, 0x0b],
    [1, 0x06, 0x29, ...ZERO, 0x63, 0x15, 1, 0xd0, 0x15, 0x0b],
  ],
  ['a data segment in memory 0', DATA, [1, 0x00, ...GLOBAL_1, 2, 0x23, 0x01], [1, 0x00, ...GLOBAL_11, 2, 0x23, 0x01]],
  ['a passive data segment', DATA, [1, 0x01, 2, 0x23, 0x01], [1, 0x01, 2, 0x23, 0x01]],
  ['a data segment that names its memory', DATA, [1, 0x02, 0x01, ...ZERO, 1, 0x01], [1, 0x02, 0x33, ...ZERO, 1, 0x01]],
  [
    'supertypes',
    TYPE,
    [2, 0x50, 1, 0x01, 0x5f, 0, 0x4f, 1, 0x02, 0x5f, 0],
    [2, 0x50, 1, 0x15, 0x5f, 0, 0x4f, 1, 0x16, 0x5f, 0],
  ],
  [
    'a recursive group, with references in fields, elements, parameters and results',
    TYPE,
    [1, 0x4e, 3, 0x5f, 1, 0x63, 0x01, 0x01, 0x5e, 0x64, 0x02, 0x00, 0x60, 1, 0x63, 0x01, 1, 0x64, 0x02],
    [1, 0x4e, 3, 0x5f, 1, 0x63, 0x15, 0x01, 0x5e, 0x64, 0x16, 0x00, 0x60, 1, 0x63, 0x15, 1, 0x64, 0x16],
  ],
];

for (const [what, id, before, after] of rows) {
  elements(`the indices of ${what} are mapped`, () =>
    assert.equal(rewritten(...section(id, ...before)), section(id, ...after)),
  );
}

elements('a function may have 50,000 locals, but not one more', () => {
  const withLocals = (count: number): Uint8Array<ArrayBuffer> => {
    const body = [1, ...leb(count), 0x7f, 0x0b];
    return moduleOf(section(1, 1, 0x60, 0, 0), section(3, 1, 0), section(10, 1, body.length, ...body));
  };
  const rewrite = (bytes: Uint8Array) =>
    rewriteModule(bytes, readModule(bytes), { indices: {}, additions: () => ({}) });
  assert.is(LOCALS_MAX, 50_000);
  assert.equal(rewrite(withLocals(50_000)), withLocals(50_000));
  assert.is(failureOf(WasmFormatError, () => rewrite(withLocals(50_001))).kind, 'LimitExceeded');
});

elements.run();
