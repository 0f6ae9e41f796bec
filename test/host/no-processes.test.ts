import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostInProcesses } from '../../src/host/index.ts';

const browsers = suite('a browser');

browsers('has no processes, and the error says so', () => {
  if (globalThis.process !== undefined) return console.log('skipped: a browser without processes: this is none');
  assert.throws(() => hostInProcesses(), /^there are no processes here: Node has them/);
});

browsers.run();
