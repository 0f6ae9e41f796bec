import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WasmFormatError } from '../../../src/wasm/encoding/error.ts';
import {
  entryOfSection,
  readSections,
  SECTION,
  sectionName,
  sectionReader,
} from '../../../src/wasm/grammar/sections.ts';
import { header, leb, moduleOf, name, section } from '../../support/bytes.ts';
import { failureOf } from '../../support/failure.ts';
import { wat } from '../../support/wat.ts';

const sections = suite('sections');

const read = (bytes: Uint8Array) => [...readSections(bytes)];
const refusal = (bytes: Uint8Array) => {
  const failure = failureOf(WasmFormatError, () => read(bytes));
  return `${failure.kind} at ${failure.offset}`;
};

sections('have an id, and the offsets of their start, contents and end', () => {
  const bytes = moduleOf(section(1, 0), section(0, ...name('note'), 7, 8), section(0, 0));
  assert.equal(read(bytes), [
    { id: 1, name: undefined, offset: 8, contentOffset: 10, end: 11 },
    { id: 0, name: 'note', offset: 11, contentOffset: 18, end: 20 },
    { id: 0, name: '', offset: 20, contentOffset: 23, end: 23 },
  ]);
  const [, note] = read(bytes);
  assert.ok(note);
  assert.equal([...sectionReader(bytes, note).rest()], [7, 8]);
});

sections('of a module in a larger buffer have offsets from the start of the module', () => {
  const padded = new Uint8Array([9, 9, 9, ...moduleOf(section(1, 0)), 9]);
  assert.equal(read(padded.subarray(3, -1)), [{ id: 1, name: undefined, offset: 8, contentOffset: 10, end: 11 }]);
  assert.equal(
    refusal(new Uint8Array([9, 9, ...header.slice(0, 4), 2, 0, 0, 0]).subarray(2)),
    'UnsupportedVersion at 4',
  );
});

const headers: readonly (readonly [what: string, bytes: readonly number[], expected: string])[] = [
  ['no bytes', [], 'NotWebAssembly at 0'],
  ['half a magic', [0x00, 0x61], 'NotWebAssembly at 2'],
  ['another magic', [0x00, 0x61, 0x73, 0x6e, 1, 0, 0, 0], 'NotWebAssembly at 3'],
  ['text', [...'(module)'].map((character) => character.charCodeAt(0)), 'NotWebAssembly at 0'],
  ['no version', [0x00, 0x61, 0x73, 0x6d], 'UnexpectedEnd at 4'],
  ['half a version', [0x00, 0x61, 0x73, 0x6d, 1, 0], 'UnexpectedEnd at 6'],
  ['version 0', [0x00, 0x61, 0x73, 0x6d, 0, 0, 0, 0], 'UnsupportedVersion at 4'],
  ['version 2', [0x00, 0x61, 0x73, 0x6d, 2, 0, 0, 0], 'UnsupportedVersion at 4'],
  ['version 1 in big-endian', [0x00, 0x61, 0x73, 0x6d, 0, 0, 0, 1], 'UnsupportedVersion at 4'],
  ['a component', [0x00, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0], 'Component at 4'],
  ['an early component', [0x00, 0x61, 0x73, 0x6d, 0x0a, 0, 1, 0], 'Component at 4'],
];
for (const [what, bytes, expected] of headers) {
  sections(`a header of ${what} is ${expected}`, () => assert.is(refusal(new Uint8Array(bytes)), expected));
}

sections('a component that a tool made is refused as a component', async () => {
  assert.is(refusal(await wat('(component)')), 'Component at 4');
});

const framing: readonly (readonly [what: string, sections: readonly (readonly number[])[], expected: string])[] = [
  ['an id and no size', [[1]], 'UnexpectedEnd at 9'],
  ['a size in the middle', [[1, 0x80]], 'UnexpectedEnd at 10'],
  ['a size past the end', [[1, 2, 0]], 'UnexpectedEnd at 11'],
  ['a huge size', [[1, 0xff, 0xff, 0xff, 0xff, 0x0f]], 'UnexpectedEnd at 14'],
  ['a size over 32 bits', [[1, 0xff, 0xff, 0xff, 0xff, 0x1f]], 'IntegerTooLarge at 9'],
  ['a size in six bytes', [[1, 0x80, 0x80, 0x80, 0x80, 0x80, 0]], 'IntegerTooLong at 9'],
  ['a custom section without a name', [section(0)], 'UnexpectedEnd at 10'],
  ['a custom section shorter than its name', [section(0, 4, 0x61, 0x62), [1, 1, 0]], 'UnexpectedEnd at 13'],
  ['a custom section with a malformed name', [section(0, 2, 0xff, 0xff)], 'MalformedName at 11'],
  ['the same section twice', [section(1, 0), section(1, 0)], 'SectionOutOfOrder at 11'],
  ['two sections in the wrong order', [section(2, 0), section(1, 0)], 'SectionOutOfOrder at 11'],
  ['tag after global', [section(6, 0), section(13, 0)], 'SectionOutOfOrder at 11'],
  ['tag before memory', [section(13, 0), section(5, 0)], 'SectionOutOfOrder at 11'],
  ['data count after code', [section(10, 0), section(12, 0)], 'SectionOutOfOrder at 11'],
  ['data count before element', [section(12, 0), section(9, 0)], 'SectionOutOfOrder at 11'],
  ['code without functions', [section(10, 1, 2, 0, 0x0b)], 'CountMismatch at 8'],
  ['functions without code', [section(3, 1, 0)], 'CountMismatch at 12'],
  ['more functions than bodies', [section(3, 2, 0, 0), section(10, 1, 2, 0, 0x0b)], 'CountMismatch at 13'],
  ['a data count without data', [section(12, 1)], 'CountMismatch at 11'],
  ['a data count and fewer segments', [section(12, 2), section(11, 1, 1, 0)], 'CountMismatch at 11'],
  ['a data count of none and segments', [section(12, 0), section(11, 1, 1, 0)], 'CountMismatch at 11'],
  ...[1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11].map((id): [string, number[][], string] => [
    `a ${sectionName(id)} section without contents`,
    [section(id)],
    'UnexpectedEnd at 10',
  ]),
  ['a count that the section ends in', [section(5, 0x80), section(6, 0)], 'UnexpectedEnd at 11'],
  ['a count in six bytes', [section(9, 0x80, 0x80, 0x80, 0x80, 0x80, 0)], 'IntegerTooLong at 10'],
  ['a count over 32 bits', [section(7, 0xff, 0xff, 0xff, 0xff, 0x1f)], 'IntegerTooLarge at 10'],
  ['bytes after a data count', [section(12, 0, 0)], 'SectionSizeMismatch at 11'],
  ['bytes after a start function', [section(8, 0, 0, 0)], 'SectionSizeMismatch at 11'],
  ['a section id of 0x80', [section(0x80)], 'UnknownEncoding at 8'],
  ['a section id of 0xff after others', [section(1, 0), section(0xff, 1, 2, 3)], 'UnknownEncoding at 11'],
  ['a section id over 0x7f without a size', [[0x81]], 'UnknownEncoding at 8'],
  ['a body past its section', [section(3, 1, 0), section(10, 1, 3, 0, 0x0b), section(11, 0)], 'UnexpectedEnd at 18'],
  ['a body missing', [section(3, 2, 0, 0), section(10, 2, 2, 0, 0x0b)], 'UnexpectedEnd at 19'],
  ['bytes after the last body', [section(3, 1, 0), section(10, 1, 2, 0, 0x0b, 0, 0)], 'SectionSizeMismatch at 18'],
];
for (const [what, parts, expected] of framing) {
  sections(`${what} is ${expected}`, () => assert.is(refusal(moduleOf(...parts)), expected));
}

const accepted: readonly (readonly [what: string, sections: readonly (readonly number[])[]])[] = [
  ['nothing', []],
  ['all in order', [1, 2, 3, 4, 5, 13, 6, 7, 9, 12, 10, 11].map((id) => section(id, 0))],
  [
    'custom sections anywhere, of one name',
    [section(0, 1, 97), section(1, 0), section(0, 1, 97), section(2, 0), section(0, 1, 97)],
  ],
  ['a data count that agrees', [section(12, 1), section(11, 1, 1, 0)]],
  ['a data count of 0 without data', [section(12, 0)]],
  ['data without a data count', [section(11, 1, 1, 0)]],
  ['an empty code section and no functions', [section(10, 0)]],
  [
    'sections of unknown ids, repeated and anywhere',
    [section(99), section(7, 0), section(14, 1), section(99), section(10, 0)],
  ],
  ['a section of the greatest id', [section(0x7f, 1, 2, 3)]],
  ['a start function, its index padded', [section(8, 0x80, 0x80, 0)]],
  ['a padded size', [[1, 0x81, 0x80, 0x80, 0x80, 0x00, 0]]],
  ['malformed contents', [section(1, 0xff, 0x01), section(2, 9)]],
];
for (const [what, parts] of accepted) {
  sections(`${what} is accepted`, () => assert.is(read(moduleOf(...parts)).length, parts.length));
}

sections('sections before a fault are yielded first', () => {
  const walk = readSections(moduleOf(section(0, ...name('a')), section(1, 0), section(1, 0)));
  assert.is(walk.next().value?.name, 'a');
  assert.is(walk.next().value?.id, 1);
  assert.is(failureOf(WasmFormatError, () => walk.next()).kind, 'SectionOutOfOrder');
});

sections('have names', () => {
  assert.is(sectionName(SECTION.dataCount), 'dataCount');
  assert.is(sectionName(0), 'custom');
  assert.is(sectionName(77), 'unknown (77)');
});

sections('random sections cover all bytes, or give a WasmFormatError', () => {
  const part = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 8 }), fc.integer({ min: -1, max: 1 }))
    .map(([id, contents, lie]) => [id, ...leb(Math.max(0, contents.length + lie)), ...contents]);
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      const bytes = moduleOf(...parts);
      try {
        const ends = read(bytes).map(({ end }) => end);
        assert.is(ends.at(-1) ?? header.length, bytes.length);
      } catch (error) {
        assert.instance(error, WasmFormatError);
      }
    }),
    { numRuns: 1000 },
  );
});

sections('are found in a table whose keys are names', () => {
  const table = { custom: 'a', code: 'b', dataCount: 'c' };
  assert.equal(
    [SECTION.custom, SECTION.code, SECTION.dataCount, SECTION.data, 14].map((id) => entryOfSection(table, id)),
    ['a', 'b', 'c', undefined, undefined],
  );
});

sections.run();
