// --port of the commands that serve something, and what they say when the port is taken.
import { createServer } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { servePage } from '../../scripts/inspector/serve.ts';
import { portOption, servingFault } from '../../scripts/port-option.ts';
import { thrownBy } from '../support/failure.ts';

const ports = suite('--port');

ports('is a port, or the default', () => {
  assert.is(portOption([], 8787), 8787);
  assert.is(portOption(['--port', '0'], 8787), 0);
  assert.is(portOption(['--port=65535'], 0), 65_535);
});

ports('is refused by its text', () => {
  for (const text of ['65536', '-1', '80.5', 'x', '', '1e3', '99999999999999999999'])
    assert.is(
      String(thrownBy(() => portOption([`--port=${text}`], 0))),
      `Error: --port must be a number up to 65535, not ${text}`,
    );
  assert.match(String(thrownBy(() => portOption(['--prot', '1'], 0))), /Unknown option '--prot'/);
});

ports('that is taken: the message says what to do', async () => {
  const first = createServer();
  await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
  const { port } = Object(first.address());
  try {
    const fault = await servePage('', port).then(
      () => 'it was served',
      (error: unknown) => servingFault(error, port),
    );
    assert.is(fault, `port ${port} is taken: end what listens there, or give another port with --port`);
  } finally {
    first.close();
  }
  assert.match(servingFault(new Error('workerd ended: bind(): Address already in use (os error 98)'), 1), /is taken/);
  assert.is(servingFault(new Error('no such page'), 1), 'no such page');
});

ports.run();
