// Runs while the worker is loaded, before any request: there the clock stands at 0, and there are
// no random bytes.
import * as preparedEntry from '../../src/prepared/index.ts';
import { type Exchange, exchangeOf } from '../support/exchange.ts';
import { given } from '../support/workerd.ts';
import { compilations, type Outcome, outcomeOf } from './compilations.ts';
import { type Findings, findings } from './loading.ts';

/** The exchanges with all fixtures, by their paths. */
export const exchangesAtModuleScope: ReadonlyMap<string, Exchange> = new Map(
  [...given].map(([path, { module }]) => [path, exchangeOf(preparedEntry, module)]),
);

/** What it finds out about time and random values. */
export const findingsAtModuleScope: Findings = findings();

/** What the functions that compile did, by their names. */
export const compilationsAtModuleScope: ReadonlyMap<string, Outcome> = new Map(
  Object.entries(compilations).map(([name, run]) => [name, outcomeOf(run)]),
);
