import { suite } from 'uvu';
import { fromBase64 } from '../support/base64.ts';
import { leb, moduleOf, section } from '../support/bytes.ts';
import { properties } from './properties/index.ts';

// Values for which a property once failed, and similar values. Add a finding of `npm run fuzz` here
// when it is fixed.

const found = suite('cases that fuzzing found');

const cases: readonly (readonly [property: string, what: string, value: unknown])[] = [
  [
    'sections',
    'a malformed name section before a type section',
    fromBase64(
      'AGFzbQEAAAAAMQRuYW1lAR4DAAVvcmVfdTgCCm91dHB1dF9zZXQCCgEDAQAFYmxvY2sDAgEDCiUBIwEBFARgAX4BfmACfn8AYAJ+fgBgAAF/',
    ),
  ],
  ['sections', 'a section with one element more than the limit', moduleOf(section(1, ...leb(100_001)))],
  ['admission', 'the same', moduleOf(section(1, ...leb(100_001)))],
];

for (const [name, what, value] of cases) {
  found(`${name}: ${what}`, () => {
    const property = properties.find((each) => each.name === name);
    if (property === undefined) throw new Error(`there is no property ${name}`);
    property.check(value);
  });
}

found.run();
