import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mapSections, PARTS_MAX } from '../../src/inspection/section-map.ts';
import { WasmFormatError } from '../../src/wasm/index.ts';
import { leb, moduleOf, section } from '../support/bytes.ts';
import { failureOf } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { fixturePaths } from '../support/fixtures-list.ts';
import { wat } from '../support/wat.ts';

const map = suite('mapSections');

map('says where sections, functions and segments are', async () => {
  const bytes = await wat(`(module
    (import "env" "log" (func)) (memory 1)
    (func $small) (func (export "run") nop nop nop)
    (data (i32.const 0) "ab") (data "abcdef")
    (@custom "mine" "1234"))`);
  const { size, sections } = mapSections(bytes);
  assert.is(size, bytes.length);
  assert.equal(
    sections.map(({ name, id, customName }) => [name, id, customName].filter((each) => each !== undefined)),
    [
      ['header'],
      ['type', 1],
      ['import', 2],
      ['function', 3],
      ['memory', 5],
      ['export', 7],
      ['code', 10],
      ['data', 11],
      ['custom', 0, 'mine'],
      ['custom', 0, 'name'],
    ],
  );
  const code = sections.find(({ name }) => name === 'code');
  assert.equal(
    code?.parts.map(({ index, name, size: bytesOf }) => [index, name, bytesOf]),
    [
      [2, 'run', 6],
      [1, '$small', 3],
    ],
  );
  // The size field of the larger body.
  assert.is(bytes[code?.parts[0]?.offset ?? 0], 5);
  const data = sections.find(({ name }) => name === 'data');
  assert.equal(
    data?.parts.map(({ index, name, size: bytesOf }) => [index, name, bytesOf]),
    [
      [1, '', 8],
      [0, '', 7],
    ],
  );
});

for (const path of fixturePaths) {
  map(`leaves out no byte of ${path}`, async () => {
    const { size, sections } = mapSections(await fixture(path));
    let at = 0;
    for (const { offset, size: bytes, parts, others, name } of sections) {
      assert.is(offset, at, name);
      at += bytes;
      const told = parts.reduce((sum, part) => sum + part.size, others.size);
      // Id, size and count come before the parts.
      if (parts.length > 0) assert.ok(told < bytes && told > bytes - 12, `${name}: ${told} of ${bytes}`);
      for (const part of parts) assert.ok(part.offset > offset && part.offset + part.size <= offset + bytes);
    }
    assert.is(at, size);
  });
}

map('tells the largest parts one by one, and sums up the others', async () => {
  const bytes = await wat(`(module ${'(func) '.repeat(PARTS_MAX)} (func nop) (func nop nop))`);
  const { parts, others } = mapSections(bytes).sections.find(({ name }) => name === 'code') ?? {};
  assert.is(parts?.length, PARTS_MAX);
  assert.equal(
    parts?.slice(0, 3).map(({ index }) => index),
    [PARTS_MAX + 1, PARTS_MAX, 0],
  );
  assert.equal(others, { count: 2, size: 6 });
});

map('takes an empty module, and refuses what is malformed', () => {
  assert.equal(
    mapSections(moduleOf()).sections.map(({ name, size }) => [name, size]),
    [['header', 8]],
  );
  const broken = moduleOf(section(11, ...leb(1), 0, 0x41, 0, 0x0b, 9));
  assert.is(failureOf(WasmFormatError, () => mapSections(broken)).kind, 'UnexpectedEnd');
});

map.run();
