import { readdir, readFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostileTable } from '../hooks/hostile/modules.ts';
import { zooTables } from '../hostile/table.ts';
import { shownElsewhere, zoo } from '../hostile/zoo.ts';

const table = suite('the table of hostile plugins');
const root = new URL('../../', import.meta.url);

table('in fixtures/hostile/README.md is that of the tests', async () => {
  const text = await readFile(new URL('fixtures/hostile/README.md', root), 'utf8');
  assert.is(text.slice(text.indexOf('## ')), zooTables());
});

table('of hook plugins in fixtures/hooks/hostile/README.md is that of the tests', async () => {
  const text = await readFile(new URL('fixtures/hooks/hostile/README.md', root), 'utf8');
  assert.is(text.slice(text.indexOf('| ')), hostileTable());
});

table('has every fixture', async () => {
  const names = (await readdir(new URL('fixtures/hostile/', root))).filter((name) => name.endsWith('.wat'));
  const cases = Object.values(zoo).flat();
  for (const file of names) {
    const name = file.replace('.wat', '');
    assert.ok(
      cases.some((each) => each.name === name || each.name.startsWith(`${name},`)),
      `no row is about ${file}`,
    );
  }
});

table('names every row once', () => {
  const names = Object.values(zoo)
    .flat()
    .map(({ name }) => name);
  assert.equal(
    names.filter((name, at) => names.indexOf(name) !== at),
    [],
  );
});

table('names tests that exist, where the row is shown by another', async () => {
  for (const { file, test } of shownElsewhere) {
    const source = await readFile(new URL(file, root), 'utf8');
    assert.ok(source.includes(test), `${file} has no test '${test}'`);
  }
});

table.run();
