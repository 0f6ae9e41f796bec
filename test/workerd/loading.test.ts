// While a worker is loaded, it has neither the time nor random values, and its clock stands. In a
// request it has all three; the hosted service is said to have a clock that stands there too.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { whileClockStands } from '../support/environment.ts';
import { type Ending, endless, type Findings, findings } from './loading.ts';
import { findingsAtModuleScope } from './module-scope.ts';

const NO_TIME = /this environment tells no time: Date\.now\(\) is 0.*pass the option clock/;
const NO_RANDOM = /this environment gives no random values \(.*\): pass the option fillRandom/;

/** Each endless plugin ends by its fuel, where it loops. */
function assertEndedByFuel(found: Findings, clockStood: boolean): void {
  for (const [path, where] of Object.entries(endless)) {
    const { failed = '', ...rest }: Partial<Ending> = found.endless[path] ?? {};
    assert.equal(rest, { admitted: false, clockStood }, path);
    assert.match(failed, new RegExp(`^${where}: .*out of fuel`), path);
  }
}

const loading = suite('while a worker is loaded in workerd');

loading('admission without a clock says what is missing, and what to pass', () => {
  const { failed, ...rest } = findingsAtModuleScope.without;
  assert.equal(rest, { admitted: false, clockStood: true });
  assert.match(failed ?? '', NO_TIME);
});

loading('a plugin of each generation is admitted, and the report says that the clock stood', () => {
  for (const found of [findingsAtModuleScope.withClock, findingsAtModuleScope.hooks]) {
    assert.equal(found, { admitted: true, clockStood: true });
  }
});

loading('fuel ends plugins that never return', () => assertEndedByFuel(findingsAtModuleScope, true));

loading('host functions say what is missing, and work with the options', () => {
  const { now, nowWithClock, random, randomWithFill } = findingsAtModuleScope;
  assert.match(now, NO_TIME);
  assert.match(random, NO_RANDOM);
  assert.equal([nowWithClock, randomWithFill], ['8 bytes', '4 bytes']);
});

loading.run();

const request = suite('in a request in workerd');

request('nothing is missing, and the clock moves', () => {
  const found = findings();
  for (const admission of [found.without, found.withClock, found.hooks]) {
    assert.equal(admission, { admitted: true, clockStood: false });
  }
  assert.equal([found.now, found.random], ['8 bytes', '4 bytes']);
  assertEndedByFuel(found, false);
});

request('where the clock stands, fuel ends plugins that never return', () => {
  const found = whileClockStands(findings);
  assert.equal(found.without, { admitted: true, clockStood: true });
  assertEndedByFuel(found, true);
});

request.run();
