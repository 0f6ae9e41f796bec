import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nameFault, nearestName } from '../../../src/cli/new/plugin-name.ts';
import { filesOf, nameIn } from '../../../src/cli/new/template.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const template = suite('a template');

template('puts both forms of the name where their placeholders are', () => {
  assert.is(nameIn('my-plugin, my_plugin.wasm, my plugin', 'a-b_c'), 'a-b_c, a_b_c.wasm, my plugin');
});

for (const name of ['my-plugin', 'my_plugin', 'my-plugin-2', 'my_plugin2'])
  template(`takes the name ${name}, which has a placeholder`, () => {
    assert.is(nameIn('my-plugin my_plugin', name), `${name} ${name.replaceAll('-', '_')}`);
  });

template('puts its folders together, sorted, and names gitignore', () => {
  const one = new Map([
    ['src/b', bytes('my-plugin\n')],
    ['gitignore', bytes('/target/\n')],
  ]);
  const other = new Map([
    ['a', bytes('a\n')],
    ['web/gitignore', bytes('x\n')],
  ]);
  const files = filesOf([one, other], 'n').map(({ path, bytes: content }) => [path, new TextDecoder().decode(content)]);
  assert.equal(files, [
    ['.gitignore', '/target/\n'],
    ['a', 'a\n'],
    ['src/b', 'n\n'],
    ['web/.gitignore', 'x\n'],
  ]);
});

template('with one path in two folders is a defect, as is a file that is not text', () => {
  const file = new Map([['a', bytes('')]]);
  assert.throws(() => filesOf([file, file], 'n'), /^the template has a twice$/);
  assert.throws(() => filesOf([new Map([['a', Uint8Array.of(0xff)]])], 'n'));
});

const nearest: Readonly<Record<string, string | undefined>> = {
  'My Router': 'my-router',
  '  2nd router!  ': 'nd-router',
  'Über-Filter': 'uber-filter',
  'a/../b': 'a-b',
  _x: 'x',
  router_: 'router_',
  [`${'a'.repeat(63)}-b`]: 'a'.repeat(63),
  路由: undefined,
  '42': undefined,
  '': undefined,
};
for (const [given, name] of Object.entries(nearest)) {
  template(`the nearest name to '${given}' is ${name}`, () => {
    assert.is(nearestName(given), name);
    if (name !== undefined) assert.is(nameFault(name), undefined);
  });
}

template.run();
