import * as fc from 'fast-check';
import { IDENTITY_SECTION_NAME, IdentityReadError, readIdentity } from '../../../src/index.ts';
import { fromBase64, toBase64 } from '../../support/base64.ts';
import { header, leb, moduleOf, name, section } from '../../support/bytes.ts';
import { failureText } from '../failure-text.ts';
import { kindOf } from '../kind.ts';

const magic = [204, 27, 112, 16, 0, 1, 0, 0];
const good = '{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":1,"plugin_name":"case","plugin_version":"1.0.0"}';

const text = fc.oneof(
  { weight: 2, arbitrary: fc.stringMatching(/^[a-z][a-z0-9_-]{0,9}$/) },
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', 'a'.repeat(64), 'a'.repeat(65), 'é'.repeat(32), 'é'.repeat(33), 'Case', '1.0.0', 'x\n', '-a'),
);

const fields = fc.record({
  magic: fc.oneof(
    { weight: 5, arbitrary: fc.constant<unknown>(magic) },
    fc.array(fc.integer({ min: -1, max: 256 }), { minLength: 7, maxLength: 9 }),
    fc.constantFrom<unknown>('magic', null, [...magic.slice(0, 7), 1], [...magic.slice(0, 7), 0.5]),
  ),
  abi_envelope: fc.oneof(
    { weight: 3, arbitrary: fc.nat(3) },
    fc.constantFrom<unknown>(-1, 1.5, 2 ** 32, 2 ** 32 - 1, '1', null),
  ),
  plugin_name: text,
  plugin_version: fc.oneof({ weight: 2, arbitrary: fc.constant('1.0.0') }, text),
});

/** Changes to the text of an identity. */
const change = fc.constantFrom<(json: string) => string>(
  (json) => ` ${json}\n`,
  (json) => `\ufeff${json}`,
  (json) => `${json}x`,
  (json) => json.slice(0, -1),
  (json) => json.replace('{', '{"extra":1,'),
  (json) => json.replace('{', '{"abi_envelope":1,'),
  (json) => json.replace('"abi_envelope":1', '"abi_envelope":1.0'),
  (json) => json.replace('"abi_envelope":1', '"abi_envelope":-0'),
  (json) => json.replace('"abi_envelope":1', '"abi_envelope":1e0'),
  (json) => json.replace('plugin_name', 'plugin\\u005fname'),
  (json) => json.replace('case', '\\ud800'),
  (json) => json.replace('case', 'c\\u0061se'),
  (json) => json.replace('"plugin_version"', '"plugin_versio"'),
);

const payload = fc.oneof(
  { weight: 3, arbitrary: fields.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fields.map((value) => JSON.stringify(Object.values(value))) },
  { weight: 3, arbitrary: change.map((changed) => changed(good)) },
);

const custom = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant(IDENTITY_SECTION_NAME) },
      fc.constantFrom('name', 'cc_lb.plugin.v1\0', 'cc_lb.plugin.v2', ''),
    ),
    payload,
  )
  .map(([title, json]) => section(0, ...name(title), ...new TextEncoder().encode(json)));

/** Sections with well-formed or nearly well-formed contents. */
const other = fc.oneof(
  fc.constantFrom<readonly number[]>(
    [1, 4, 1, 0x60, 0, 0],
    [1, 0],
    [1, 1, 0],
    [1, 3, 1, 0x60, 0],
    [2, 1, 0],
    [3, 1, 0],
    [3, 2, 1, 0],
    [4, 1, 0],
    [5, 0],
    [5, 3, 1, 0, 1],
    [6, 1, 0],
    [7, 1, 0],
    [8, 1, 0],
    [8, 2, 0, 0],
    [8, 0],
    [9, 1, 0],
    [10, 1, 0],
    [10, 4, 1, 2, 0, 0x0b],
    [10, 5, 1, 2, 0, 0x0b, 0],
    [11, 1, 0],
    [12, 1, 0],
    [12, 2, 0, 0],
    [12, 1, 1],
    [13, 1, 0],
    [13, 3, 1, 0, 0],
    [14, 1, 0],
    [20, 2, 1, 2],
    [127, 0],
    [0x80, 0],
    [0xff, 3, 1, 2, 3],
    [0, 0],
    [0, 1, 0],
    [0, 2, 1, 0xff],
    [0, 2, 5, 65],
    [1, 0x81, 0x80, 0x80, 0x80, 0x00, 0],
    [1, 0x81, 0x80, 0x80, 0x80, 0x10, 0],
    [3, 0x81, 0x00, 0],
    [5, 5, 1, 0, 1],
  ),
  fc
    .tuple(fc.integer({ min: 1, max: 14 }), fc.uint8Array({ maxLength: 5 }))
    .map(([id, contents]) => section(id, ...contents)),
);

/** A component with an identity inside it, or before it. */
const components: readonly Uint8Array[] = [
  Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
  Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0],
    ...section(0, ...name(IDENTITY_SECTION_NAME), ...new TextEncoder().encode(good)),
  ]),
  Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0],
    ...section(1, ...moduleOf(section(0, ...name(IDENTITY_SECTION_NAME), ...new TextEncoder().encode(good)))),
  ]),
];

const large = (size: number): Uint8Array => {
  const contents = [...name(IDENTITY_SECTION_NAME), ...Array<number>(size).fill(32)];
  return Uint8Array.from([...header, 0, ...leb(contents.length), ...contents]);
};

const sections = fc.array(fc.oneof(custom, custom, other), { minLength: 1, maxLength: 4 });

const modules = fc.oneof(
  { weight: 6, arbitrary: sections.map((parts) => moduleOf(...parts)) },
  {
    weight: 2,
    arbitrary: sections.map((parts) =>
      moduleOf(section(0, ...name(IDENTITY_SECTION_NAME), ...new TextEncoder().encode(good)), ...parts),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(sections, fc.nat(), fc.nat(255))
      .map(([parts, at, byte]) =>
        moduleOf(...parts).map((found, index, all) => (index === at % all.length ? byte : found)),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(sections, fc.nat()).map(([parts, cut]) => {
      const bytes = moduleOf(...parts);
      return bytes.subarray(0, cut % bytes.length);
    }),
  },
);

/** Layer 1. */
export const identity = kindOf<{ readonly wasm: string } | { readonly blanks: number }>({
  name: 'identity',
  count: 400,
  cases: modules.map((wasm) => ({ wasm: toBase64(wasm) })),
  listed: [...components.map((wasm) => ({ wasm: toBase64(wasm) })), ...[65_536, 65_537].map((blanks) => ({ blanks }))],
  question: (of) => ({ kind: 'identity', wasm: toBase64(bytesOf(of)) }),
  answer: (of) => {
    try {
      return { ok: readIdentity(bytesOf(of)) };
    } catch (error) {
      if (!(error instanceof IdentityReadError)) throw error;
      return { error: failureText(error.failure) };
    }
  },
});

function bytesOf(of: { readonly wasm: string } | { readonly blanks: number }): Uint8Array {
  return 'wasm' in of ? fromBase64(of.wasm) : large(of.blanks);
}
