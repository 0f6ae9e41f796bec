import * as fc from 'fast-check';
import { toBase64 } from '../../support/base64.ts';
import { callsOf } from '../calls.ts';
import { type Guest, guestModule, storeBytes, writeOutput } from '../guest.ts';
import { kindOf } from '../kind.ts';

/**
 * A step of a call. `block` is the number of a block of the call, modulo their count. -1 is handle
 * 0.
 */
type Step =
  | { readonly do: 'alloc'; readonly bytes: number }
  | { readonly do: 'text'; readonly text: string }
  | { readonly do: 'free' | 'var_get' | 'config_get' | 'error_set' | 'log_error' | 'log_warn'; readonly block: number }
  | { readonly do: 'length'; readonly block: number; readonly plus: number }
  | { readonly do: 'load_u8' | 'load_u64'; readonly block: number; readonly at: number }
  | { readonly do: 'store_u8' | 'store_u64'; readonly block: number; readonly at: number; readonly value: number }
  | { readonly do: 'input_load_u8' | 'input_load_u64'; readonly at: number }
  | { readonly do: 'input_length' | 'error_get' | 'http_status_code' }
  | { readonly do: 'var_set'; readonly block: number; readonly value: number }
  | { readonly do: 'free_input' };

/** Calls of one plugin, in order. Each has an input and steps. */
export interface KernelCase {
  /** The subject of a case that is not random. */
  readonly about?: string;
  readonly calls: readonly { readonly input: string; readonly steps: readonly Step[] }[];
}

const block = fc.integer({ min: -1, max: 12 });
const key = fc.constantFrom('k', 'key', 'header', 'other', 'é');
const size = fc.oneof(
  { weight: 6, arbitrary: fc.nat(40) },
  { weight: 2, arbitrary: fc.nat(3_000) },
  { weight: 1, arbitrary: fc.constantFrom(0, 65_536, 70_000) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('alloc' as const), bytes: size }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('text' as const), text: key }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('free' as const), block }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('var_get', 'config_get'), block }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('error_set', 'log_error', 'log_warn'), block }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('length' as const), block, plus: fc.constantFrom(0, 0, 1, -1) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('load_u8', 'load_u64'), block, at: fc.nat(40) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('store_u8', 'store_u64'), block, at: fc.nat(40), value: fc.nat(127) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('input_load_u8', 'input_load_u64'),
      at: fc.oneof(fc.nat(24), fc.integer({ min: -20, max: -9 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('input_length', 'error_get', 'http_status_code') }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('var_set' as const), block, value: block }) },
  { weight: 1, arbitrary: fc.constant({ do: 'free_input' } as const) },
);

/** Makes a block that is not UTF-8. */
const notUtf8: readonly Step[] = [
  { do: 'alloc', bytes: 2 },
  { do: 'store_u8', block: 0, at: 0, value: 0xff },
];

const config = { header: 'x-api-key', é: 'ü' };

/** Calls of the kernel. */
export const kernel = kindOf<KernelCase>({
  name: 'kernel',
  count: 250,
  cases: fc.record({
    calls: fc.array(
      fc.record({ input: fc.constantFrom('', 'abc', 'abcdefghijklmnop'), steps: fc.array(step, { maxLength: 14 }) }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  listed: [
    {
      about: 'input_load_u64 right before the input',
      calls: [
        {
          input: 'abcdefghijklmnop',
          steps: [-9, -8, -7, -4, -1, 0].map((at) => ({ do: 'input_load_u64', at })),
        },
      ],
    },
    {
      about: 'a log that is not UTF-8',
      calls: [{ input: '', steps: [...notUtf8, { do: 'log_error', block: 0 }] }],
    },
    {
      about: 'an error that is not UTF-8',
      calls: [{ input: '', steps: [...notUtf8, { do: 'error_set', block: 0 }] }],
    },
    {
      about: 'keys that are not UTF-8',
      calls: (['var_get', 'config_get'] as const).map((what) => ({
        input: '',
        steps: [...notUtf8, { do: what, block: 0 }],
      })),
    },
  ],
  question: (of) => ({ kind: 'calls', wasm: toBase64(moduleOf(of)), calls: callsIn(of), config }),
  answer: (of) => callsOf(moduleOf(of), callsIn(of), { config, fuel: 100_000_000 }),
});

const callsIn = ({ calls }: KernelCase) => calls.map(({ input }, at) => ({ export: `call${at}`, input }));

/** Functions of the guest. `put` appends a result. The answer of a call is its results. */
const helpers: Guest['functions'] = [
  {
    name: 'put',
    params: [['value', 'i64']],
    code: 'global.get $at local.get $value i64.store global.get $at i32.const 8 i32.add global.set $at',
  },
  writeOutput('u64'),
  {
    // Reads only live blocks: the bytes around them belong to the allocator.
    name: 'has',
    params: [
      ['h', 'i64'],
      ['end', 'i64'],
    ],
    results: ['i32'],
    code: 'local.get $h call $length local.get $end i64.ge_u',
  },
];

function moduleOf({ calls }: KernelCase): Uint8Array<ArrayBuffer> {
  const functions = calls.map(({ steps }, at): Guest['functions'][number] => {
    const made = steps.filter(({ do: what }) => ['alloc', 'text', 'var_get', 'config_get'].includes(what)).length;
    const blocks = Array.from({ length: made }, (_, index): [string, 'i64'] => [`b${index}`, 'i64']);
    const named: Names = { next: 0 };
    const code = steps.map((each) => instructions(each, named)).join('\n');
    return {
      name: `call${at}`,
      exported: true,
      results: ['i32'],
      locals: [...blocks, ['none', 'i64']],
      code: `i32.const 0 global.set $at\n${code}\ncall $finish\ni32.const 0`,
    };
  });
  return guestModule({ functions: [...helpers, ...functions], memoryPages: 1, globals: ['at'] });
}

/** The number of blocks that a call has made so far. */
interface Names {
  next: number;
}

function instructions(step: Step, names: Names): string {
  const blockOf = (index: number): string => (index < 0 || names.next === 0 ? 'none' : `b${index % names.next}`);
  const handle = 'block' in step ? `local.get $${blockOf(step.block)}` : '';
  const putPresence = (local: string): string => `local.get $${local} i64.eqz i64.extend_i32_u call $put`;
  switch (step.do) {
    case 'alloc': {
      const local = `b${names.next++}`;
      return `i64.const ${step.bytes} call $alloc local.set $${local} ${putPresence(local)}`;
    }
    case 'text': {
      const local = `b${names.next++}`;
      return storeBytes(local, new TextEncoder().encode(step.text));
    }
    case 'var_get':
    case 'config_get': {
      const local = `b${names.next}`;
      names.next++;
      return `${handle} call $${step.do} local.set $${local} local.get $${local} call $length call $put`;
    }
    case 'length':
      return `${handle} i64.const ${step.plus} i64.add call $length call $put`;
    case 'load_u8':
    case 'load_u64':
      return `${handle} i64.const ${step.at + (step.do === 'load_u8' ? 1 : 8)} call $has if
        ${handle} i64.const ${step.at} i64.add call $${step.do}
        ${step.do === 'load_u8' ? 'i64.extend_i32_u' : ''} call $put end`;
    case 'store_u8':
    case 'store_u64':
      return `${handle} i64.const ${step.at + (step.do === 'store_u8' ? 1 : 8)} call $has if
        ${handle} i64.const ${step.at} i64.add
        ${step.do === 'store_u8' ? 'i32' : 'i64'}.const ${step.value} call $${step.do} end`;
    case 'input_load_u8':
      return `i64.const ${step.at} call $input_load_u8 i64.extend_i32_u call $put`;
    case 'input_load_u64':
      return `i64.const ${step.at} call $input_load_u64 call $put`;
    case 'input_length':
      return 'call $input_length call $put';
    case 'error_get':
      return 'call $error_get i64.eqz i64.extend_i32_u call $put';
    case 'http_status_code':
      return 'call $http_status_code i64.extend_i32_u call $put';
    case 'var_set':
      return `${handle} local.get $${blockOf(step.value)} call $var_set`;
    case 'free_input':
      return 'call $input_offset call $free';
    default:
      return `${handle} call $${step.do}`;
  }
}
