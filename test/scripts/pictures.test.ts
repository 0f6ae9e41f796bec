// The pictures of the documents in abi/.
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pictures } from '../../scripts/docs/pictures/pictures.ts';
import { drawSequence } from '../../scripts/docs/pictures/sequence.ts';

const drawing = suite('the pictures of the documents');
const abi = new URL('../../abi/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, abi), 'utf8');

drawing('are fresh (npm run generate draws them)', () => {
  for (const { file, draw } of pictures) assert.ok(read(`pictures/${file}`) === draw(), `${file} is out of date`);
  assert.equal(readdirSync(new URL('pictures/', abi)).sort(), pictures.map(({ file }) => file).sort());
});

drawing('say what they show to those who do not see them', () => {
  const documents = ['PROTOCOL.md', 'KERNEL.md', 'HOOKS.md'].map(read).join('\n');
  for (const { file, title } of pictures) {
    const svg = read(`pictures/${file}`);
    assert.ok(svg.includes(`<title id="title">${title}</title>`), `${file} has a title`);
    assert.match(svg, /<desc id="description">[^<]{100}/, `${file} is described`);
    const alternative = new RegExp(`!\\[[^\\]]{40,}\\]\\(pictures/${file}\\)`);
    assert.match(documents, alternative, `a document shows ${file}, with a text in its place`);
  }
});

drawing('have a colour on dark pages for each on light pages', () => {
  for (const { file } of pictures) {
    const svg = read(`pictures/${file}`);
    const [light = '', dark = ''] = (/<style>(.*)<\/style>/s.exec(svg)?.[1] ?? '').split('@media');
    const used = new Set([...svg.matchAll(/class="([^"]+)"/g)].flatMap(([, names = '']) => names.split(' ')));
    for (const name of used) {
      assert.ok(light.includes(`.${name} {`), `${file}: ${name} has a rule`);
      if (new RegExp(`\\.${name} \\{[^}]*#`).test(light)) assert.ok(dark.includes(`.${name} {`), `${file}: ${name}`);
    }
  }
});

drawing('name only parties that are drawn', () => {
  const sequence = { title: 'a', width: 100, parties: [{ name: 'host', x: 9 }], besideX: 50 };
  assert.throws(() => drawSequence({ ...sequence, steps: [{ at: 'guest', note: '' }] }), /there is no party guest/);
});

drawing.run();
