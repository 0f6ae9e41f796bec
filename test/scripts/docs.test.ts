// The documents lead where they say: their links, and the files that they name.
import { existsSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  anchorsOf,
  brokenLinks,
  documentPaths,
  linksOf,
  replaceRuleAnchors,
  ruleAnchorsOf,
  slugOf,
  targetOf,
} from '../../scripts/docs/links.ts';
import { ROOMS } from '../../scripts/docs/rooms.ts';

const documents = suite('the documents');
const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** Documents that name files of today only; the others tell of the past too. */
const CURRENT = /^(README|CONTRIBUTING|RELEASING|docs\/(?!MIGRATION|BENCHMARKS)\w+)\.md$/;

for (const path of documentPaths()) {
  documents(`the links of ${path} lead to files and headings`, () => {
    assert.equal(brokenLinks(path, read(path)), []);
  });
}

for (const path of documentPaths().filter((each) => CURRENT.test(each))) {
  documents(`the files that ${path} names exist`, () => {
    const named = [...read(path).matchAll(/`((?:src|test|scripts|abi|docs|examples|fixtures|\.github)\/[\w./-]*)`/g)];
    const missing = named.map(([, name = '']) => name).filter((name) => !existsSync(new URL(name, root)));
    assert.equal(missing, []);
  });
}

documents('include README.md, docs/ and abi/', () => {
  const paths = documentPaths();
  for (const path of ['README.md', 'docs/ARCHITECTURE.md', 'abi/PROTOCOL.md', 'CONTRIBUTING.md']) {
    assert.is(paths.filter((each) => each === path).length, 1, path);
  }
});

documents('README.md has at most 200 lines, and says which test command is which', () => {
  const text = read('README.md');
  assert.ok(text.trimEnd().split('\n').length <= 200);
  for (const command of ['npm start', 'npm test', 'npm run test:all', 'npm run docs']) {
    assert.ok(text.includes(`\`${command}\``) || text.includes(`\n${command} `), command);
  }
});

documents('docs/ARCHITECTURE.md has a paragraph for each folder of src', () => {
  const text = read('docs/ARCHITECTURE.md');
  const folders = Object.keys(ROOMS).map((room) => room.split('/', 1).join());
  for (const folder of folders.filter((each) => each !== 'index')) {
    assert.ok(text.includes(`\n**\`src/${folder}/\`** `), folder);
  }
});

documents('docs/GUIDE.md has a row for each entry of the package', () => {
  const rows = read('docs/GUIDE.md')
    .split('\n')
    .filter((line) => /^\| `\./.test(line));
  const named = rows.flatMap((row) =>
    [
      ...row
        .split('|', 2)
        .join()
        .matchAll(/`([^`]+)`/g),
    ].map(([, name]) => name),
  );
  const { exports: entries }: { readonly exports: object } = JSON.parse(read('jsr.json'));
  assert.equal(named.sort(), Object.keys(entries).sort());
});

documents('a link is broken if its file or its heading is not there', () => {
  const text = 'a [b](nowhere.md)\n[c](README.md#no-such-heading) [d](README.md#use)\n![e](docs/architecture.svg)\n';
  assert.equal(brokenLinks('README.md', text), [
    'README.md:1: nowhere.md: there is no nowhere.md',
    'README.md:2: README.md#no-such-heading: README.md has no heading #no-such-heading',
  ]);
  assert.equal(brokenLinks('docs/GUIDE.md', '[a](README.md) [b](../README.md) [c](#limits) [d](https://x.org/y)'), [
    'docs/GUIDE.md:1: README.md: there is no docs/README.md',
  ]);
});

documents('links in code are not links', () => {
  const text = '`[a](b)` [c](d "title")\n```ts\n[e](f)\n```\n[g]: h\n<[i](<j>)>\n';
  assert.equal(linksOf(text), [
    { address: 'd', line: 1 },
    { address: 'h', line: 5 },
    { address: 'j', line: 6 },
  ]);
});

documents('headings have the anchors that GitHub gives them', () => {
  assert.is(slugOf('Why is `@__PURE__` everywhere?'), 'why-is-__pure__-everywhere');
  assert.equal(anchorsOf('# A `b` c\n## [D](e.md): f\n```sh\n# no heading\n```\n## D: f\n### `x_y` (z)\n'), [
    'a-b-c',
    'd-f',
    'd-f-1',
    'x_y-z',
  ]);
});

documents('a rule has an anchor that a link can lead to', () => {
  const text = 'a <a id="H-4.2">[H-4.2]</a> b\n```\n<a id="H-5">[H-5]</a>\n```\n';
  assert.equal(ruleAnchorsOf(text), [{ id: 'H-4.2', shown: '[H-4.2]' }]);
  assert.is(
    replaceRuleAnchors('a <a id="K-1">[K-1]</a> b', ({ id }) => `(${id})`),
    'a (K-1) b',
  );
});

documents('an address is resolved from its document', () => {
  assert.equal(targetOf('docs/GUIDE.md', '../abi/KERNEL.md#fuel'), { path: 'abi/KERNEL.md', anchor: 'fuel' });
  assert.equal(targetOf('docs/GUIDE.md', '#limits'), { path: 'docs/GUIDE.md', anchor: 'limits' });
  assert.is(targetOf('docs/GUIDE.md', 'mailto:a@b.c'), undefined);
});

documents.run();
