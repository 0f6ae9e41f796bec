import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { customSection, writeSection } from '../../../src/wasm/emit/section-writer.ts';
import { ByteSink } from '../../../src/wasm/encoding/byte-sink.ts';
import { customSections } from '../../../src/wasm/grammar/custom-sections.ts';
import { readModule } from '../../../src/wasm/grammar/module.ts';
import { fixture } from '../../support/fixture.ts';
import { fixturePaths } from '../../support/fixtures-list.ts';

const sections = suite('section writer');

sections('writes the id, the size in bytes, and the contents in order', () => {
  const sink = new ByteSink();
  writeSection(sink, 5, [[1], new Uint8Array([0, 2]), []]);
  writeSection(sink, 9, [new Uint8Array(200)]);
  const bytes = [...sink.view()];
  assert.equal(bytes.slice(0, 8), [5, 3, 1, 0, 2, 9, 0xc8, 0x01]);
  assert.is(bytes.length, 8 + 200);
});

sections('a custom section can be appended to any module, and changes nothing else', async () => {
  for (const path of fixturePaths) {
    const original = await fixture(path);
    const contents = new TextEncoder().encode('größe');
    const appended = customSection('näme', contents);
    const bytes = new Uint8Array([...original, ...appended]);
    const before = readModule(original);
    const after = readModule(bytes);
    assert.equal({ ...after, sections: after.sections.slice(0, -1) }, before);
    const last = customSections(bytes, after.sections).at(-1);
    assert.equal([last?.name, last?.offset], ['näme', original.length]);
    assert.equal([...(last?.contents ?? [])], [...contents]);
    assert.ok(WebAssembly.validate(bytes), path);
  }
});

sections.run();
