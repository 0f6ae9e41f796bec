import { existsSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const claims = suite('the claims of SECURITY.md');
const root = new URL('../../', import.meta.url);
const rows = readFileSync(new URL('SECURITY.md', root), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (claim|resource|property|version|0\.2) /.test(line));

claims('are in tables', () => {
  assert.ok(rows.length > 40, `${rows.length} rows`);
});

for (const row of rows) {
  const claim = row.slice(2, 90);
  claims(`name tests that exist: ${claim}`, () => {
    const tests = [...row.matchAll(/`(test\/[\w/.-]+\.ts)` "([^"]+)"/g)];
    assert.ok(tests.length > 0, 'the claim names no test by file and name');
    for (const [, file = '', name = ''] of tests) {
      assert.ok(existsSync(new URL(file, root)), `there is no ${file}`);
      assert.ok(readFileSync(new URL(file, root), 'utf8').includes(name), `${file} has nothing named "${name}"`);
    }
    for (const [, source = ''] of row.matchAll(/`(src\/[\w/.-]+)`/g)) {
      assert.ok(existsSync(new URL(source, root)), `there is no ${source}`);
    }
  });
}

claims.run();
