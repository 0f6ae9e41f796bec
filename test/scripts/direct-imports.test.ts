import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withDirectImports } from '../../scripts/build/direct-imports.ts';

const src = fileURLToPath(new URL('../../src/', import.meta.url));
const paths = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join(src, path));

const imports = suite('direct imports');

imports('names come from the file that declares them, under the name that they had', () => {
  const text = withDirectImports(join(src, 'kernel/code/emit.ts'));
  const from = JSON.stringify(join(src, 'wasm/emit/module-builder.ts'));
  assert.match(text, `import { ModuleBuilder as ModuleBuilder } from ${from};`);
  const renamed = withDirectImports(join(src, 'protocol/messages/v2.ts'));
  assert.match(
    renamed,
    `import { types as typesV1 } from ${JSON.stringify(join(src, 'protocol/messages/v1/index.ts'))};`,
  );
});

imports('lines stay where they are, and no value comes through the index file of another folder', () => {
  let direct = 0;
  for (const path of paths) {
    const [before, after] = [readFileSync(path, 'utf8'), withDirectImports(path)];
    assert.is(after.split('\n').length, before.split('\n').length, path);
    for (const [, name = '', from = ''] of after.matchAll(/(?:import|export) \{ (\w+) as \w+ \} from "([^"]+)";/g)) {
      direct++;
      const declares = new RegExp(`^export (const|class|(async )?function\\*?) ${name}\\b`, 'm');
      assert.match(readFileSync(resolve(dirname(path), from), 'utf8'), declares, `${path}: ${name}`);
    }
  }
  assert.ok(direct > 300, `${direct} direct imports`);
});

imports.run();
