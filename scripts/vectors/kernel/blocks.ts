import { fails, says } from '../ends.ts';
import type { WrittenVector } from '../layer-vectors.ts';
import { phrases, words } from './words.ts';

/** 2^32: an offset plus this has the same low 32 bits. */
const WRAPS = 4_294_967_296;

const oom = fails('OutOfMemory');
const grows = { flags: ['trap-on-grow'] };
const layout = { flags: ['layout'] };
const wrapping = { deviation: 'a length of `alloc` above 3.5 GiB' };

/** Blocks, and loads and stores: KERNEL.md, "Blocks", "Bounds", "Invalid handles". */
export const blocks: readonly WrittenVector[] = [
  ...[1, 7, 8, 9, 255, 65_535, 65_536, 65_537, 1_000_000].map((length) =>
    words(`alloc-${length}`, 'K-2', `${length} alloc length put`, says(`${length}`)),
  ),
  words('alloc-twice', 'K-2', `'ab 'cd show show`, says('cd ab'), { about: 'Two live blocks do not overlap.' }),
  words('alloc-0', 'K-2.1', '0 alloc put', says('0')),
  words('alloc-2^64-1', 'K-2.2', '-1 alloc put', says('0'), wrapping),
  words('alloc-2^64-16', 'K-2.2', '-16 alloc put', says('0'), wrapping),
  words('alloc-2^63', 'K-2.2', '9223372036854775808 alloc put', says('0'), wrapping),
  words('alloc-2^32', 'K-2.2', `${WRAPS} alloc put`, says('0'), {
    about: 'The low 32 bits of the length are 0.',
    ...wrapping,
  }),
  words('alloc-2^32+8', 'K-2.2', `${WRAPS + 8} alloc put`, says('0'), {
    about: 'The low 32 bits of the length are 8.',
    ...wrapping,
  }),
  words('alloc-above-3.5-gib', 'K-2.2', '3758096385 alloc put', says('0'), wrapping),
  words('alloc-3.5-gib', 'K-2.3', '3758096384 alloc put', oom, grows),
  words('alloc-over-the-budget', 'K-2.3', '3000000 alloc put', oom, grows),
  words('alloc-within-a-budget', 'K-2.3', '1000000 alloc length put', says('1000000'), {
    budget: { memory_pages: 17 },
  }),
  words('alloc-over-a-budget', 'K-2.3', '1200000 alloc put', oom, { budget: { memory_pages: 16 }, ...grows }),
  words('alloc-without-growth', 'K-10.1', '60000 alloc length put', says('60000'), {
    budget: { memory_pages: 0, initial_memory_pages: 1 },
    ...layout,
  }),
  words('alloc-growth-of-a-page', 'K-10.1', '65000 alloc length put', oom, {
    budget: { memory_pages: 0, initial_memory_pages: 1 },
    flags: ['layout', 'trap-on-grow'],
  }),
  phrases(
    'alloc-after-an-end',
    'KC-50',
    [
      ['3000000 alloc put', oom],
      ['1000 alloc length put', says('1000')],
    ],
    grows,
  ),

  words('free', 'K-3', '8 alloc dup free length put', says('0')),
  words('free-0', 'KH-1', `0 free 'ok show`, says('ok')),
  words('free-inside', 'KH-1', '16 alloc dup 8 add free length put', says('16')),
  words('free-before', 'KH-1', '16 alloc dup 1 sub free length put', says('16')),
  words('free-end', 'KH-1', '16 alloc dup 16 add free length put', says('16')),
  words('free-wrapped', 'KH-1', `8 alloc dup ${WRAPS} add free length put`, says('8'), {
    about: 'The offset has the same low 32 bits as the handle.',
  }),
  words('free-anything', 'KH-1', `-1 free 1 free 999999999 free 9223372036854775808 free 'ok show`, says('ok')),
  words('free-twice', 'K-3', `8 alloc dup free free 'ok show`, says('ok')),
  words('free-another', 'K-3', `'kept 8 alloc free show`, says('kept')),
  words('free-middle', 'K-3', `'one 'two 'three swap free show show`, says('three one')),
  words('free-input', 'K-3', 'input_offset free input_length put', says('0')),
  words('free-input-then-load', 'K-3', 'input_offset free 0 input_load_u8 put 0 input_load_u64 put', says('0 0')),

  words('length-0', 'KH-2', '0 length put', says('0')),
  words('length-of-the-input', 'K-4', 'input_offset length input_length sub put', says('0')),
  words('length-inside', 'KH-2', '16 alloc dup 1 add length put 8 add length put', says('0 0')),
  words('length-before', 'KH-2', '16 alloc 1 sub length put', says('0')),
  words('length-end', 'KH-2', '16 alloc 16 add length put', says('0')),
  words('length-wrapped', 'KH-2', `8 alloc ${WRAPS} add length put`, says('0')),
  words('length-anywhere', 'KH-2', '-1 length put 1 length put 9223372036854775808 length put', says('0 0 0')),
  words('length-after-reset', 'K-11', '8 alloc reset length put', says('0')),
  words('length_unsafe', 'K-5', '12 alloc length_unsafe put', says('12')),
  words('length_unsafe-invalid', 'K-5', `0 length_unsafe 5 length_unsafe -1 length_unsafe 'ok show`, says('ok'), {
    about: 'Any number may be returned, but the call must go on.',
  }),

  words('load_u8', 'K-6', `'abc 1 add load_u8 put`, says('98')),
  words('load_u8-unsigned', 'K-6', '$ff load_u8 put', says('255')),
  words('load_u64', 'K-7', `'abcdefgh load_u64 put`, says('7523094288207667809')),
  words('load_u64-unaligned', 'K-7', `'-abcdefgh 1 add load_u64 put`, says('7523094288207667809')),
  words('store_u8', 'K-8', `'abc dup 1 add 65 store_u8 show`, says('aAc')),
  words('store_u8-low-bits', 'K-8', '1 alloc dup 511 store_u8 load_u8 put', says('255')),
  words('store_u64', 'K-9', '8 alloc dup -2 store_u64 load_u64 put', says('18446744073709551614')),
  words('store_u64-little-endian', 'K-1', '4 alloc dup 1684234849 store_u64 show', says('abcd')),
  words('store_u64-unaligned', 'K-9', `'0123456789 dup 1 add 5208208757389214273 store_u64 show`, says('0ABCDEFGH9')),

  words('load-at-0', 'KB-2', '0 load_u8 put 0 load_u64 put', says('0 0')),
  words('load-below-the-blocks', 'KB-2', '1 load_u8 put 8 load_u8 put 1 load_u64 put', says('0 0 0')),
  words(
    'store-below-the-blocks',
    'KB-2',
    `0 -1 store_u64 1 255 store_u8 8 -1 store_u64 'ok dup length put show`,
    says('2 ok'),
  ),
  words('load-below-the-first-block', 'K-2.8', '2047 load_u8 put 2041 load_u64 put', says('0 0'), layout),
  words('first-block', 'K-2.8', 'input_offset put', says('2048'), layout),
  words(
    'space-of-a-block',
    'K-2.9',
    '9 alloc 1 alloc swap sub put 8 alloc 1 alloc swap sub put',
    says('32 24'),
    layout,
  ),
  words('alignment-of-a-block', 'K-2.10', '1 alloc 1 alloc swap sub put', says('24'), layout),
  words('load-past-a-block', 'KB-1', `'abcd 2 add load_u8 put 'ab 20000 add load_u8 put`, says('99 0')),
  words('store-past-a-block', 'KB-1', '8 alloc 30000 add dup 77 store_u8 load_u8 put', says('77')),
  words('load-last-byte', 'KB-4', 'memory_bytes 1 sub dup 9 store_u8 load_u8 put', says('9')),
  words('load-last-word', 'KB-4', 'memory_bytes 8 sub dup 9 store_u64 load_u64 put', says('9')),
  words('load-behind-the-memory', 'KB-4', 'memory_bytes load_u8 put memory_bytes 7 sub load_u64 put', says('0 0')),
  words(
    'load-far',
    'KB-4',
    '-1 load_u8 put -8 load_u64 put -1 load_u64 put 9223372036854775808 load_u8 put',
    says('0 0 0 0'),
  ),
  words('load-wrapped', 'KB-4', `'abcdefgh ${WRAPS} add dup load_u8 put load_u64 put`, says('0 0')),
  words('store-behind-the-memory', 'KB-5', `memory_bytes 1 store_u8 memory_bytes 1 store_u64 'ok show`, says('ok')),
  words(
    'store-partly-behind',
    'KB-5',
    'memory_bytes 7 sub -1 store_u64 memory_bytes 7 sub load_u8 put memory_bytes 1 sub load_u8 put',
    says('0 0'),
    {
      deviation: 'initial `memory_bytes`',
    },
  ),
  words('store-far', 'KB-5', `-1 7 store_u8 -8 7 store_u64 9223372036854775808 7 store_u8 'ok show`, says('ok')),
  words('store-wrapped', 'KB-5', `'abcdefgh dup ${WRAPS} add dup 65 store_u8 66 store_u64 show`, says('abcdefgh')),
  words(
    'store-before-a-block',
    'KB-3',
    '16 alloc keep kept 8 sub -1 store_u64 kept 16 sub -1 store_u64 kept length put',
    says('16'),
    {
      deviation: "stores into the kernel's data about blocks",
    },
  ),
  words(
    'store-across-a-header',
    'KB-3',
    `'abcdefgh 8 alloc drop 'ijklmnop dup 4 sub -1 store_u64 show show`,
    says('ijklmnop abcdefgh'),
    {
      flags: ['layout'],
      deviation: "stores into the kernel's data about blocks",
    },
  ),
  words(
    'store-around-a-block',
    'KB-3',
    `8 alloc dup keep 40 sub keep 80 times kept 255 store_u8 kept 1 add keep`,
    { output: '' },
    {
      about: 'Stores every byte from 40 before a block to 32 behind it.',
    },
  ),

  words('reset-zeroes', 'K-11', `'abc dup reset load_u8 put`, says('0')),
  words('reset-input', 'K-11', 'reset input_length put 0 input_load_u8 put', says('0 0')),
  words('reset-output', 'K-11', `'abc 3 output_set reset output_length put`, says('0')),
  words('reset-output-at-the-end', 'K-11', `'abc 3 output_set reset`, says('')),
  words('reset-error', 'K-11', `'bad error_set reset error_get put`, says('0')),
  words('reset-variables-stay', 'K-11', `'k 'v var_set reset 'k var_get show`, says('v')),
  words('reset-memory-stays', 'K-10', '500000 alloc drop memory_bytes reset memory_bytes eq put', says('1'), {
    about: 'Kernel memory never shrinks.',
  }),
  words('reset-then-alloc', 'K-11', `8 alloc drop reset 'ok dup length put show`, says('2 ok')),
  words('memory_bytes', 'K-10.1', 'memory_bytes put', says('65536'), {
    flags: ['layout'],
    deviation: 'initial `memory_bytes`',
  }),
  words(
    'memory_bytes-covers-the-input',
    'K-10',
    'memory_bytes 1 sub load_u8 put input_offset load_u8 put',
    says('0 109'),
  ),
  words(
    'host-functions-of-the-kernel',
    'K-1.1',
    `'abc 3 input_set input_length put 2 input_load_u8 put output_length put`,
    says('3 99 0'),
  ),

  words('freed-is-not-reused', 'K-2.5', '8 alloc dup free 8 alloc eq put', says('0')),
  words('freed-twice-around-a-new-one', 'K-2.5', `8 alloc dup free 'new swap free show`, says('new'), {
    about: 'A second free of the old handle does not free the new block.',
  }),
  words('freed-output', 'K-2.6', `'kept dup 4 output_set free`, says('kept')),
  words('freed-output-and-new-blocks', 'K-2.6', `'kept dup 4 output_set free 'other drop 4 alloc drop`, says('kept')),
  words('freed-memory-is-reused', 'K-2.7', `50 times 100000 alloc free`, says(''), {
    budget: { memory_pages: 4 },
  }),
  words('freed-memory-of-two', 'K-2.7', '50 times 40000 alloc 60000 alloc free free', says(''), {
    budget: { memory_pages: 5 },
  }),
];
