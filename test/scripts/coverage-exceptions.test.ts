import { existsSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const exceptions = suite('the exceptions of coverage');
const root = new URL('../../', import.meta.url);

exceptions('name files of src that exist, each with a reason', () => {
  const reasons: unknown = JSON.parse(readFileSync(new URL('scripts/coverage-exceptions.json', root), 'utf8'));
  for (const [file, given] of Object.entries(Object(reasons))) {
    const reason: unknown = Object(given).varies ?? given;
    assert.match(file, /^src\//);
    assert.ok(existsSync(new URL(file, root)), `there is no ${file}`);
    assert.ok(typeof reason === 'string' && reason.length > 20, `${file} has no reason`);
  }
});

exceptions.run();
