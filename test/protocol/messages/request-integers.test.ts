// 64-bit integers in a dispatch request. A host may pass a number or a bigint; a wrong one is
// reported before anything is sent.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dispatchWireCall } from '../../../src/protocol/dispatch.ts';
import { i64, struct, u64, usize, type WireFunction } from '../../../src/protocol/messages/index.ts';
import { errorOf, negotiated, pluginAnswering } from '../../support/dispatching.ts';
import { echoAsError } from '../../support/guest-wat.ts';

const requestIntegers = suite('wire request integers');

const request = struct('Integers', { signed: i64, size: usize, unsigned: u64 });
type Integers = { readonly [Name in 'signed' | 'size' | 'unsigned']: number | bigint };

/** A function of the host's own. Its answer does not matter. */
const count: WireFunction<Integers, unknown> = {
  name: 'count',
  fallback: 'silent_skip',
  supportedVersions: [1],
  dryRunRequest: () => ({ signed: 0, size: 0, unsigned: 0 }),
  dryRunResponse: () => ({}),
  schemas: { request, response: struct('Nothing', {}) },
};

/** What the plugin received, or why it received nothing. */
async function sent(integers: Partial<Integers>): Promise<string> {
  const plugin = await pluginAnswering('count', echoAsError);
  const before = plugin.fuelConsumed;
  const { stage, failure } = errorOf(
    dispatchWireCall(count, plugin, negotiated('count'), { ...count.dryRunRequest(), ...integers }),
  );
  if (failure.kind === 'PluginCall') return failure.reason;
  assert.is(plugin.fuelConsumed, before, 'the plugin was called');
  return `${stage}: ${failure.kind === 'RequestValue' ? failure.reason : failure.kind}`;
}

const accepted: readonly [integers: Partial<Integers>, text: string][] = [
  [{ unsigned: 0n }, '"unsigned":0'],
  [{ unsigned: Number.MAX_SAFE_INTEGER }, '"unsigned":9007199254740991'],
  [{ unsigned: 2n ** 53n }, '"unsigned":9007199254740992'],
  [{ unsigned: 2n ** 64n - 1n }, '"unsigned":18446744073709551615'],
  [{ size: 2n ** 64n - 1n }, '"size":18446744073709551615'],
  [{ signed: -1 }, '"signed":-1'],
  [{ signed: Number.MIN_SAFE_INTEGER }, '"signed":-9007199254740991'],
  [{ signed: -(2n ** 63n) }, '"signed":-9223372036854775808'],
  [{ signed: 2n ** 63n - 1n }, '"signed":9223372036854775807'],
];

requestIntegers('a number and a bigint are sent with all their digits', async () => {
  for (const [integers, text] of accepted) assert.match(await sent(integers), text);
});

const unsignedRange = 'an integer from 0 to 18446744073709551615 (a bigint if a number is not exact)';
const signedRange = 'an integer from -9223372036854775808 to 9223372036854775807 (a bigint if a number is not exact)';

const refused: readonly [integers: Partial<Integers>, kind: string][] = [
  [{ unsigned: -1 }, 'IntegerOutOfRange'],
  [{ unsigned: -1n }, 'IntegerOutOfRange'],
  [{ unsigned: 2n ** 64n }, 'IntegerOutOfRange'],
  [{ unsigned: 2 ** 53 }, 'IntegerOutOfRange'],
  [{ unsigned: 1.5 }, 'IntegerOutOfRange'],
  [{ unsigned: Number.NaN }, 'IntegerOutOfRange'],
  [{ unsigned: Number.POSITIVE_INFINITY }, 'IntegerOutOfRange'],
  [{ size: -1 }, 'IntegerOutOfRange'],
  [{ size: 2n ** 64n }, 'IntegerOutOfRange'],
  [{ signed: 2n ** 63n }, 'IntegerOutOfRange'],
  [{ signed: -(2n ** 63n) - 1n }, 'IntegerOutOfRange'],
  [{ signed: -(2 ** 53) }, 'IntegerOutOfRange'],
  [{ signed: 0.1 }, 'IntegerOutOfRange'],
  // Values that do not type-check.
  [{ signed: '1' } as never, 'WrongType'],
  [{ unsigned: null } as never, 'WrongType'],
];

requestIntegers(
  "a value outside the type's integers is refused at the stage request_envelope, and nothing is sent",
  async () => {
    for (const [integers, kind] of refused) {
      const [name = ''] = Object.keys(integers);
      const range = name === 'signed' ? signedRange : unsignedRange;
      assert.is(await sent(integers), `request_envelope: ${kind} at $.${name}, expected ${range}`);
    }
  },
);

requestIntegers.run();
