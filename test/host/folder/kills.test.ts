import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { killWriters } from './kills.ts';

const killed = suite('a process that is killed during a write');

killed('leaves the old contents or the new ones: 20 times here, 200 times in npm run test:kills', async () => {
  assert.equal(await killWriters(20), []);
});

killed.run();
