import * as fc from 'fast-check';
import { HostState, hostFunctions } from '../../../src/index.ts';
import { toBase64 } from '../../support/base64.ts';
import { toHex } from '../../support/hex.ts';
import { callsOf } from '../calls.ts';
import { type Guest, guestModule, storeBytes, writeOutput } from '../guest.ts';
import { kindOf } from '../kind.ts';

/** An argument: bytes in hexadecimal digits, or an invalid handle. */
type Argument = string | { readonly handle: number };

/** A call of a host function. */
interface Step {
  readonly do:
    | 'cc_lb_log'
    | 'cc_lb_metric_incr'
    | 'cc_lb_storage_get'
    | 'cc_lb_storage_put'
    | 'cc_lb_random_bytes'
    | 'cc_lb_now_unix_ms';
  readonly arguments: readonly Argument[];
}

interface Case {
  readonly quota: number;
  readonly calls: readonly (readonly Step[])[];
}

const utf8 = (text: string): string => toHex(new TextEncoder().encode(text));
const u64 = (value: bigint): string => toHex(new Uint8Array(BigUint64Array.of(value).buffer));

const wrong = fc.constantFrom<Argument>({ handle: 0 }, { handle: 3 }, { handle: 999_999 }, 'ff', 'fffe', '');
const nearly = (right: fc.Arbitrary<Argument>) => fc.oneof({ weight: 14, arbitrary: right }, wrong);

const key = nearly(fc.constantFrom(utf8('a'), utf8('b'), utf8('é'), utf8('a:b')));
const value = nearly(fc.oneof(fc.uint8Array({ maxLength: 12 }).map(toHex), fc.constant(toHex(new Uint8Array(40)))));
const level = nearly(fc.constantFrom(...['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'WARN', ''].map(utf8)));
const message = nearly(fc.string({ maxLength: 8 }).map(utf8));
const name = nearly(fc.constantFrom(utf8('requests'), utf8('cc_lb_x'), utf8('é')));
const amount = nearly(fc.constantFrom(u64(0n), u64(1n), u64(7n), u64(2n ** 40n), '01', `${u64(1n)}00`));
const count = nearly(
  fc.constantFrom(u64(0n), u64(1n), u64(16n), u64(65_536n), u64(65_537n), u64(2n ** 64n - 1n), '01'),
);

const step = fc.oneof(
  fc.tuple(fc.constant('cc_lb_log' as const), fc.tuple(level, message)),
  fc.tuple(fc.constant('cc_lb_metric_incr' as const), fc.tuple(name, amount)),
  { weight: 2, arbitrary: fc.tuple(fc.constant('cc_lb_storage_get' as const), fc.tuple(key)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('cc_lb_storage_put' as const), fc.tuple(key, value)) },
  fc.tuple(fc.constant('cc_lb_random_bytes' as const), fc.tuple(count)),
  fc.tuple(fc.constant('cc_lb_now_unix_ms' as const), fc.tuple()),
);

/** The host functions of cc-lb. */
export const hostFunctionsKind = kindOf<Case>({
  name: 'host-functions',
  count: 250,
  cases: fc.record({
    quota: fc.constantFrom(0, 12, 30, 60, 1_048_576),
    calls: fc.array(
      fc.array(
        step.map(([what, list]): Step => ({ do: what, arguments: list })),
        { minLength: 1, maxLength: 6 },
      ),
      { minLength: 1, maxLength: 2 },
    ),
  }),
  question: (of) => ({ kind: 'calls', wasm: toBase64(moduleOf(of)), calls: callsIn(of), quota: of.quota }),
  answer: (of) => {
    const functions = (telemetry: Parameters<typeof hostFunctions>[0]['telemetry']) =>
      hostFunctions({ pluginName: 'case', storageQuotaBytes: of.quota, state: new HostState(), telemetry });
    return callsOf(moduleOf(of), callsIn(of), { functions, name: 'case', fuel: 100_000_000 });
  },
});

const callsIn = ({ calls }: Case) => calls.map((_, at) => ({ export: `call${at}` }));

const handles = (...params: 'i64'[]) => ({ params, results: [] });
const imports: NonNullable<Guest['hostFunctions']> = {
  cc_lb_log: handles('i64', 'i64'),
  cc_lb_metric_incr: handles('i64', 'i64'),
  cc_lb_storage_get: { params: ['i64'], results: ['i64'] },
  cc_lb_storage_put: handles('i64', 'i64'),
  cc_lb_random_bytes: { params: ['i64'], results: ['i64'] },
  cc_lb_now_unix_ms: { params: [], results: ['i64'] },
};

/**
 * The result is the bytes of a stored value. For random bytes and times, it is the number of bytes.
 */
const functions: Guest['functions'] = [
  {
    name: 'put',
    params: [['byte', 'i32']],
    code: 'global.get $at local.get $byte i32.store8 global.get $at i32.const 1 i32.add global.set $at',
  },
  {
    name: 'put_length',
    params: [['h', 'i64']],
    code: 'local.get $h call $length i32.wrap_i64 i32.const 255 i32.and call $put local.get $h i64.eqz call $put',
  },
  {
    name: 'put_bytes',
    params: [['h', 'i64']],
    locals: [['i', 'i64']],
    code: `local.get $h call $put_length
      block $done
        loop $next
          local.get $i local.get $h call $length i64.ge_u br_if $done
          local.get $h local.get $i i64.add call $load_u8 call $put
          local.get $i i64.const 1 i64.add local.set $i
          br $next
        end
      end`,
  },
  writeOutput('u8'),
];

function moduleOf({ calls }: Case): Uint8Array<ArrayBuffer> {
  const exported = calls.map((steps, at): Guest['functions'][number] => ({
    name: `call${at}`,
    exported: true,
    results: ['i32'],
    locals: [
      ['x', 'i64'],
      ['y', 'i64'],
    ],
    code: `i32.const 0 global.set $at ${steps.map(instructions).join('\n')} call $finish i32.const 0`,
  }));
  return guestModule({
    functions: [...functions, ...exported],
    hostFunctions: imports,
    memoryPages: 1,
    globals: ['at'],
  });
}

function instructions({ do: what, arguments: list }: Step): string {
  const stored = list.map((argument, at) => {
    const local = at === 0 ? 'x' : 'y';
    if (typeof argument !== 'string') return `i64.const ${argument.handle} local.set $${local}`;
    return storeBytes(
      local,
      Uint8Array.from(argument.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
    );
  });
  const passed = list.map((_, at) => `local.get $${at === 0 ? 'x' : 'y'}`);
  const result = {
    cc_lb_storage_get: 'call $put_bytes',
    cc_lb_random_bytes: 'call $put_length',
    cc_lb_now_unix_ms: 'call $put_length',
  };
  return [
    ...stored,
    ...passed,
    `call $${what}`,
    Object.entries(result).find(([name]) => name === what)?.[1] ?? '',
  ].join('\n');
}
