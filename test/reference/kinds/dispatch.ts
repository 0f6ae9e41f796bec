import * as fc from 'fast-check';
import { buildPlugin, dispatchWireCall } from '../../../src/index.ts';
import { encodeJson, type WireFunction, wire } from '../../../src/protocol/messages/index.ts';
import { valuesOf } from '../../json/values.ts';
import { toBase64 } from '../../support/base64.ts';
import { guestModule, type Script, scripted } from '../guest.ts';
import { kindOf, WALL_MS } from '../kind.ts';
import { damaged, isWellFormed } from './json-text.ts';

const { v1, v3 } = wire;

/** The functions that the published host dispatches, with the versions of its types. */
const functions = {
  shape: v1.shape,
  normalize_error: v1.normalizeError,
  build_signer: v1.buildSigner,
  sign: v1.sign,
  on_unauthorized: v1.onUnauthorized,
  observe: v1.observe,
  filter: v3.filter,
} as const;

type Name = keyof typeof functions;

interface Case {
  readonly function: Name;
  /** `null` if none was negotiated. */
  readonly version: number | null;
  readonly script: Script;
}

const versions = fc.oneof(
  { weight: 6, arbitrary: fc.constant('1') },
  fc.constantFrom('2', '0', '-1', '1.0', 'null', '"1"', '1e0', '18446744073709551615', '18446744073709551616'),
);

/** Responses with `_v` first or last. */
function responses({ schemas: { response } }: (typeof functions)[Name]): fc.Arbitrary<string> {
  return fc.tuple(valuesOf(response), versions, fc.boolean(), fc.nat(20)).map(([value, version, first, left]) => {
    const text = encodeJson(response, value, 'declared');
    const version_ = left === 0 ? '' : `"_v":${version}`;
    if (text === '{}' || version_ === '') return text === '{}' ? `{${version_}}` : text;
    return first ? `{${version_},${text.slice(1)}` : `${text.slice(0, -1)},${version_}}`;
  });
}

const calls = fc.constantFrom<Script>(
  { end: 'trap' },
  { end: 'loop' },
  { code: 1 },
  { error: 'no' },
  { bytes: 'ff' },
  { output: '' },
  { output: '[]' },
  { output: '[1,[]]' },
  { output: 'null' },
  { output: '{}' },
);

// The cast: the keys of the table are the names.
const cases = fc
  .constantFrom(...(Object.entries(functions) as [Name, (typeof functions)[Name]][]))
  .chain(([name, fn]) =>
    fc.record<Case>({
      function: fc.constant(name),
      version: fc.oneof({ weight: 12, arbitrary: fc.constant<number | null>(1) }, fc.constantFrom(null, 2)),
      script: fc.oneof(
        {
          weight: 10,
          arbitrary: damaged(responses(fn))
            .filter(isWellFormed)
            .map((output): Script => ({ output })),
        },
        { weight: 1, arbitrary: calls },
      ),
    }),
  );

const moduleOf = (of: Case): Uint8Array<ArrayBuffer> => guestModule({ functions: [scripted(of.function, of.script)] });

/** Layer 5. */
export const dispatch = kindOf<Case>({
  name: 'dispatch',
  count: 400,
  cases,
  question: (of) => ({ kind: 'dispatch', function: of.function, version: of.version, wasm: toBase64(moduleOf(of)) }),
  answer: (of) => outcomeOf(of, functions[of.function]),
});

/** The outcome of a dispatch of any function. */
function outcomeOf<Req, Res>(of: Case, known: WireFunction<Req, Res> | (typeof functions)[Name]): unknown {
  // The cast: each function of the table has its own types, and this code does not depend on them.
  const fn = known as WireFunction<Req, Res>;
  const plugin = buildPlugin(moduleOf(of), { wallMs: WALL_MS, fuel: 10_000_000 });
  try {
    const negotiated_functions: Record<string, number> = of.version === null ? {} : { [of.function]: of.version };
    // The cast: a Req is one of its own inputs.
    const request = fn.dryRunRequest() as Parameters<typeof dispatchWireCall<Req, Res>>[3];
    const outcome = dispatchWireCall(fn, plugin, { negotiated_functions }, request);
    if (outcome.kind === 'fallback') return { fallback: outcome.policy, stage: outcome.error.stage };
    return {
      ok: encodeJson(fn.schemas.response, outcome.response as Parameters<typeof encodeJson<Res>>[1], 'declared'),
    }; // The same of a Res.
  } finally {
    plugin.dispose();
  }
}
