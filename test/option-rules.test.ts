import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  collectionRule,
  findOptionFault,
  flagRule,
  limitRule,
  oneOfRule,
  optionsRule,
  telemetryRule,
  textRecordRule,
  withDefaults,
} from '../src/option-rules.ts';

const finding = suite('option-rules');

const rules = {
  wallMs: limitRule,
  memoryMaxPages: limitRule,
  allowGc: flagRule,
  kernel: oneOfRule(['auto', 'linked']),
  names: collectionRule,
  telemetry: telemetryRule,
  config: textRecordRule,
  inner: optionsRule({ fuel: limitRule }),
};

const telemetry = { log: () => undefined, counter: () => undefined };

const good: readonly unknown[] = [
  {},
  { wallMs: undefined, unknown: undefined },
  { wallMs: 0, memoryMaxPages: Infinity, allowGc: false, kernel: 'auto', names: new Set(['a']), telemetry },
  { config: { a: 'b' }, inner: { fuel: 5 } },
];

for (const options of good) {
  finding(`no fault in ${Object.keys(Object(options)).join(', ') || 'no options'}`, () => {
    assert.is(findOptionFault(options, rules), undefined);
  });
}

const TELEMETRY =
  'options.telemetry must be an object with the functions log and counter, and histogram and gauge if it has them';

const faults: Readonly<Record<string, readonly [unknown, string]>> = {
  'no object': [5, 'options must be an object'],
  null: [null, 'options must be an object'],
  'a limit below 0': [{ wallMs: -1 }, 'options.wallMs must be a number from 0 up, or Infinity'],
  'a limit that is not a number': [{ wallMs: Number.NaN }, 'options.wallMs must be a number from 0 up, or Infinity'],
  'a limit as a text': [{ wallMs: '5' }, 'options.wallMs must be a number from 0 up, or Infinity'],
  'a flag as a number': [{ allowGc: 1 }, 'options.allowGc must be true or false'],
  'another value': [{ kernel: 'none' }, "options.kernel must be 'auto' or 'linked'"],
  'a string for names': [{ names: 'a' }, 'options.names must be an array, a Set or another iterable of strings'],
  'half a telemetry': [{ telemetry: { log: telemetry.log } }, TELEMETRY],
  'a telemetry with a number for its gauge': [{ telemetry: { ...telemetry, gauge: 1 } }, TELEMETRY],
  'a Map for a record': [{ config: new Map([['a', 'b']]) }, 'options.config must be a plain object of strings'],
  'a record of numbers': [{ config: { a: 1 } }, 'options.config must be a plain object of strings'],
  'inner options that are no object': [{ inner: 5 }, 'options.inner must be an object'],
  'an inner option': [{ inner: { fuel: -1 } }, 'options.inner.fuel must be a number from 0 up, or Infinity'],
  'an unknown inner option': [{ inner: { gas: 1 } }, 'options.inner.gas must be left out: use fuel'],
  'an option of inner options': [{ fuel: 5 }, 'options.fuel must be left out: use inner.fuel'],
  'what people call an option of inner options': [{ gas: 5 }, 'options.gas must be left out: use inner.fuel'],
  'an option misspelt': [
    { wallMS: 5 },
    'options.wallMS must be left out: there is no such option, did you mean wallMs?',
  ],
  'what people call the deadline': [{ timeout: 5 }, 'options.timeout must be left out: use wallMs'],
  'what people call the memory': [{ memory: 5 }, 'options.memory must be left out: use memoryMaxPages'],
  'a signal': [
    { signal: new AbortController().signal },
    'options.signal must be left out: calls are synchronous, so nothing can abort one: set wallMs',
  ],
  'a name that every object has': [
    Object.fromEntries([['constructor', 1]]),
    'options.constructor must be left out: ' +
      'the options are wallMs, memoryMaxPages, allowGc, kernel, names, telemetry, config, inner',
  ],
};

for (const [title, [options, expected]] of Object.entries(faults)) {
  finding(title, () => {
    const fault = findOptionFault(options, rules);
    assert.is(`${fault?.argument} must be ${fault?.expected}`, expected);
  });
}

finding('does not suggest an option that does not exist', () => {
  const fault = findOptionFault({ timeout: 5 }, { fuel: limitRule });
  assert.equal(fault, { argument: 'options.timeout', expected: 'left out: the options are fuel' });
});

finding('under another name for the options', () => {
  assert.is(findOptionFault({ fuel: -1 }, { fuel: limitRule }, 'context')?.argument, 'context.fuel');
});

finding('completes options: what is missing or undefined gets its default, and no other name is taken over', () => {
  const given: { fuel?: number; wallMs?: number | undefined } = { fuel: 0, wallMs: undefined, ...{ other: 1 } };
  assert.equal(withDefaults(given, { fuel: 1, wallMs: 2, pages: 3 }), { fuel: 0, wallMs: 2, pages: 3 });
});

finding.run();
