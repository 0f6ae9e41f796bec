import * as fc from 'fast-check';
import { allWireFunctions, buildOffer, HandshakeExecutionError, type HandshakeOffer } from '../../../src/index.ts';
import { toBase64 } from '../../support/base64.ts';
import { executeHandshake } from '../../support/layers.ts';
import { failureText } from '../failure-text.ts';
import { type Guest, guestModule, type Script, scripted } from '../guest.ts';
import { kindOf, WALL_MS } from '../kind.ts';
import { damaged, isWellFormed } from './json-text.ts';

interface Case {
  readonly offer?: HandshakeOffer;
  readonly script: Script;
  /** Further exports, each of type `() -> i32` or another. */
  readonly exports: readonly (readonly [name: string, type: 'right' | 'none' | 'i64' | 'parameter'])[];
  readonly without?: true;
}

const names = [...allWireFunctions, 'extra'];
const version = fc.oneof(
  { weight: 5, arbitrary: fc.constant(1) },
  fc.constantFrom(0, 2, 3, 65_535, 65_536, 4_294_967_295),
);
const some = <T>(value: T, others: fc.Arbitrary<T>) => fc.oneof({ weight: 12, arbitrary: fc.constant(value) }, others);

const offers: fc.Arbitrary<HandshakeOffer> = fc
  .record({
    functions: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 8 }),
    versions: fc.array(fc.array(version, { minLength: 1, maxLength: 3 }), { minLength: 8, maxLength: 8 }),
    capabilities: fc.uniqueArray(fc.constantFrom('streaming', 'storage', 'b:c', ''), { maxLength: 3 }),
    schema: some(1, fc.constantFrom(0, 2)),
  })
  .map(({ functions, versions, capabilities, schema }) => ({
    handshake_schema_version: schema,
    envelope_version: 1,
    function_versions: Object.fromEntries([...functions].sort().map((name, at) => [name, versions[at] ?? [1]])),
    host_capabilities: [...capabilities].sort(),
  }));

const many = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `f${String(at).padStart(2, '0')}`);

/** Offers just beyond a limit, and just within it. */
const offersAtLimits: readonly HandshakeOffer[] = [32, 33].flatMap((count) => [
  { ...buildOffer(), function_versions: Object.fromEntries(many(count).map((name) => [name, [1]])) },
  { ...buildOffer(), host_capabilities: many(count) },
  { ...buildOffer(), function_versions: { shape: Array<number>(count / 2 + (count % 2) / 2).fill(1) } },
]);

/** An accept that fits an offer. Some have one fault. */
const accepts = (offer: HandshakeOffer): fc.Arbitrary<string> =>
  fc
    .record({
      functions: fc.subarray([...Object.keys(offer.function_versions), 'other']),
      schema: some(offer.handshake_schema_version, fc.constantFrom(0, 7)),
      envelope: fc.constantFrom(1, 1, 2),
      moreSupported: fc.array(fc.tuple(fc.constantFrom(...names), fc.array(version, { maxLength: 2 })), {
        maxLength: 1,
      }),
      moreChosen: fc.array(fc.tuple(fc.constantFrom(...names), version), { maxLength: 1 }),
      left: fc.nat(9),
      capabilities: fc.subarray([...offer.host_capabilities], {}),
      strange: some<readonly string[]>([], fc.constantFrom(['nothing'])),
      versions: fc.array(version, { minLength: 4, maxLength: 4 }),
    })
    .map((parts) => {
      const own = parts.functions.slice(0, 4).filter((name) => name !== 'other' || parts.left === 0);
      const highest = (name: string): number => Math.max(0, ...(offer.function_versions[name] ?? [1]));
      const pick = (name: string, at: number): number => (parts.left > 6 ? (parts.versions[at] ?? 1) : highest(name));
      const chosen = Object.fromEntries([
        ...own.map((name, at): [string, number] => [name, pick(name, at)]),
        ...parts.moreChosen.slice(parts.left > 2 ? 1 : 0),
      ]);
      const supported = Object.fromEntries([
        ...own.map((name, at): [string, number[]] => [name, [pick(name, at), ...(parts.left === 5 ? [99] : [])]]),
        ...parts.moreSupported.slice(parts.left > 2 ? 1 : 0),
      ]);
      return JSON.stringify({
        handshake_schema_version: parts.schema,
        envelope_version: parts.envelope,
        chosen_versions: chosen,
        plugin_supported: supported,
        implemented_functions: parts.left === 1 ? own.slice(1) : parts.left === 2 ? [...own, 'observe'] : own,
        required_capabilities: [...parts.capabilities, ...parts.strange],
      });
    });

const scripts = (offer: HandshakeOffer): fc.Arbitrary<Script> =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: damaged(accepts(offer))
        .filter(isWellFormed)
        .map((output): Script => ({ output })),
    },
    { weight: 1, arbitrary: accepts(offer).map((output): Script => ({ output, code: 3 })) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Script>(
        { end: 'trap' },
        { end: 'loop' },
        { code: 5 },
        {},
        { bytes: 'fffe' },
        { zeros: 32_768 },
        { zeros: 32_769 },
        { error: 'a timeout of the plugin' },
        { error: 'DEADLINE' },
        { error: 'no fuel here', code: 1 },
        { error: 'it timed out' },
        { error: 'boom' },
        { error: 'boom', code: 2 },
        { output: '{"handshake_schema_version":1}', error: '' },
      ),
    },
  );

const exportsOf = ({ output = '{}' }: Script): fc.Arbitrary<Case['exports']> => {
  const named = names.filter((name) => output.includes(`"${name}"`));
  return fc
    .tuple(
      fc.nat(9),
      fc.constantFrom(...names),
      fc.array(some<Case['exports'][number][1]>('right', fc.constantFrom('none', 'i64', 'parameter')), {
        minLength: 9,
        maxLength: 9,
      }),
    )
    .map(([left, more, types]) => {
      const list = left === 0 ? named.slice(1) : left === 1 ? [...new Set([...named, more])] : named;
      return list.map((name, at) => [name, types[at] ?? 'right'] as const);
    });
};

const caseOf = (offer: HandshakeOffer, builtIn: boolean): fc.Arbitrary<Case> =>
  scripts(offer).chain((script) =>
    exportsOf(script).map((exports): Case => ({ ...(builtIn ? {} : { offer }), script, exports })),
  );

/** Layer 2. */
export const handshake = kindOf<Case>({
  name: 'handshake',
  count: 350,
  cases: fc.oneof(
    caseOf(buildOffer(), true),
    offers.chain((offer) => caseOf(offer, false)),
  ),
  listed: [
    ...offersAtLimits.map((offer): Case => ({ offer, script: { output: '{}' }, exports: [] })),
    { script: { output: '{}' }, exports: [], without: true },
  ],
  question: (of) => ({ kind: 'handshake', wasm: toBase64(moduleOf(of)), ...(of.offer && { offer: of.offer }) }),
  answer: (of) => {
    try {
      return { ok: executeHandshake(moduleOf(of), of.offer ?? buildOffer(), { wallMs: WALL_MS }) };
    } catch (error) {
      if (!(error instanceof HandshakeExecutionError)) throw error;
      return { error: failureText(error.failure) };
    }
  },
});

function moduleOf({ script, exports, without }: Case): Uint8Array<ArrayBuffer> {
  const types = {
    right: { results: ['i32'], code: 'i32.const 0' },
    none: { code: '' },
    i64: { results: ['i64'], code: 'i64.const 0' },
    parameter: { params: [['p', 'i32']], results: ['i32'], code: 'i32.const 0' },
  } as const;
  const functions: Guest['functions'] = [
    scripted(without ? 'handshake' : 'cc_lb_handshake', script),
    ...exports.map(([name, type]) => ({ name, exported: true, ...types[type] })),
  ];
  return guestModule({ functions });
}
