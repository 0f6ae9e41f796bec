// What a worker can do while it is loaded, before any request.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { given } from '../support/workerd.ts';
import { exchangesAtModuleScope } from './module-scope.ts';

const moduleScope = suite('at module scope of workerd');

for (const [path, { exchange }] of given) {
  moduleScope(`${path} is admitted and called as from its bytes`, () => {
    assert.equal(exchangesAtModuleScope.get(path), exchange);
  });
}

moduleScope.run();
