import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { logLevelNumber, logLevels } from '../../src/kernel/log-level.ts';

const levels = suite('log levels');

levels('have the numbers of the ABI', () => {
  assert.equal(
    [...logLevels, 'off' as const].map((level) => [level, logLevelNumber(level)]),
    [
      ['trace', 0],
      ['debug', 1],
      ['info', 2],
      ['warn', 3],
      ['error', 4],
      ['off', 2147483647],
    ],
  );
});

levels.run();
