import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OpenBlocks } from '../../../src/metering/rewrite/open-blocks.ts';

const blocks = suite('open blocks');

const named = () => new OpenBlocks(() => ({ name: '' }));

blocks('are found from the innermost outwards', () => {
  const open = named();
  for (const name of ['body', 'outer', 'inner']) open.open().name = name;
  assert.is(open.depth, 3);
  assert.is(open.innermost?.name, 'inner');
  assert.equal(
    [0, 1, 2].map((label) => open.ofLabel(label)?.name),
    ['inner', 'outer', 'body'],
  );
});

blocks('close in the opposite order, and give what was kept of them', () => {
  const open = named();
  for (const name of ['body', 'inner']) open.open().name = name;
  assert.is(open.close()?.name, 'inner');
  assert.is(open.innermost?.name, 'body');
  assert.is(open.close()?.name, 'body');
  assert.is(open.innermost, undefined);
});

blocks('there is none beyond those that are open, whatever was open before', () => {
  const open = named();
  open.open();
  open.open();
  open.close();
  assert.is(open.ofLabel(1), undefined);
  open.clear();
  assert.is(open.depth, 0);
  assert.is(open.innermost, undefined);
  assert.is(open.ofLabel(0), undefined);
  assert.is(open.close(), undefined);
  assert.is(open.depth, 0);
});

blocks('an entry is used again, and made only when there is none', () => {
  let made = 0;
  const open = new OpenBlocks(() => ({ number: ++made }));
  const first = open.open();
  open.close();
  assert.is(open.open(), first);
  open.clear();
  assert.is(open.open(), first);
  assert.is.not(open.open(), first);
  assert.is(made, 2);
});

blocks.run();
