import type { WrittenVector } from '../layer-vectors.ts';
import { fails, says, words } from './words.ts';

const text = (message: string) => fails('PluginError', { message });
const code = (value: number) => fails('NonZeroExit', { code: value });
const unreadable = fails('ErrorMessageUnreadable');
const wraps = { deviation: '`input_load_u64` at the indices −8 to −1' };

/** Calls of the export `echo`, which returns its input. */
const echo = (id: string, rule: string, input: unknown): WrittenVector => ({
  id: `kernel/${id}`,
  rule,
  wasm: 'words',
  steps: [{ call: 'echo', input, ends: says(input) }],
});

/** Input, output and error: KERNEL.md, "Input, output, error", "Bounds". */
export const inputOutput: readonly WrittenVector[] = [
  echo('echo-text', 'KC-26', 'héllo'),
  echo('echo-bytes', 'KC-26', [{ hex: '00ff00fe80' }]),
  echo('echo-one-byte', 'KC-26', [{ hex: '00' }]),
  echo('echo-100000', 'KC-26', [{ text: '0123456789', times: 10_000 }]),
  {
    id: 'kernel/echo-nothing',
    rule: 'K-12',
    about: 'The handle of an empty input is 0, and an output at 0 is ignored.',
    wasm: 'words',
    steps: [{ call: 'echo', input: '', ends: says('') }],
  },
  words('input_length', 'K-13', 'input_length put', says('16')),
  words('input_offset', 'K-12', 'input_offset load_u8 put input_offset length put', says('105 48')),
  words('input_load_u8-first', 'K-14', '1 input_load_u8 put 0 input_load_u8 put', says('32 49')),
  words('input_load_u8-last', 'KB-6', 'input_length 1 sub input_load_u8 put', says('116')),
  words('input_load_u8-end', 'KB-6', 'input_length input_load_u8 put', says('0')),
  words('input_load_u8-far', 'KB-6', '-1 input_load_u8 put 4294967296 input_load_u8 put', says('0 0')),
  words('input_load_u64-first', 'K-15', '0 input_load_u64 put', says('6878251656650760240')),
  words('input_load_u64-last', 'KB-7', 'input_length 8 sub input_load_u64 put', says('8391736764292035935')),
  words('input_load_u64-partly', 'KB-7', 'input_length 7 sub input_load_u64 put', says('0')),
  words('input_load_u64-end', 'KB-7', 'input_length input_load_u64 put', says('0')),
  words(
    'input_load_u64-wrapping',
    'KB-7',
    '-8 input_load_u64 put -7 input_load_u64 put -1 input_load_u64 put',
    says('0 0 0'),
    wraps,
  ),
  words('input_load_u64-far', 'KB-7', '-9 input_load_u64 put 4294967296 input_load_u64 put', says('0 0')),
  words('input_load_u64-short', 'KB-7', `'abcdefg 7 input_set 0 input_load_u64 put 6 input_load_u8 put`, says('0 103')),
  words(
    'input_set',
    'K-16',
    `'abcdef 1 add 3 input_set input_length put 2 input_load_u8 put 3 input_load_u8 put`,
    says('3 100 0'),
  ),
  words('input_set-at-0', 'KB-8', 'input_length 0 5 input_set input_length eq put', says('1')),
  words('input_set-to-the-end', 'KB-8', 'memory_bytes 8 sub 8 input_set input_length put', says('8')),
  words(
    'input_set-past-the-end',
    'KB-8',
    'input_length memory_bytes 8 sub 9 input_set input_length eq put',
    says('1'),
    {
      deviation: 'initial `memory_bytes`',
    },
  ),
  words('input_set-far', 'KB-8', 'input_length -1 1 input_set 4294967296 1 input_set input_length eq put', says('1')),
  words(
    'input_set-long',
    'KB-8',
    'input_length 8 alloc -1 input_set 8 alloc 4294967296 input_set input_length eq put',
    says('1'),
    {
      deviation: '`output_set(handle, -1)`',
    },
  ),

  words('output_set', 'K-17', `'abc 3 output_set`, says('abc')),
  words('output_set-part', 'K-17', `'abcdef 1 add 2 output_set`, says('bc')),
  words('output_set-more', 'K-17', `'abcdefgh 4 add 20000 add 3 output_set`, says([{ hex: '000000' }])),
  words('output_set-bytes', 'K-17', '$ff00fe 3 output_set', says([{ hex: 'ff00fe' }])),
  words('output_set-twice', 'K-17', `'abc 3 output_set 'de 2 output_set`, says('de')),
  words('output_set-later-store', 'K-17', `'abc dup 3 output_set 65 store_u8`, says('Abc'), {
    about: 'The output is a range, and not a copy.',
  }),
  words('output_set-empty', 'K-17', `'abc dup 3 output_set 0 output_set`, says('')),
  words('output_set-at-0', 'KB-8', `'abc 3 output_set 0 0 output_set`, says('abc')),
  words('output_set-at-0-with-length', 'KB-8', `'abc 3 output_set 0 5 output_set`, says('abc')),
  words('output_set-to-the-end', 'KB-8', 'memory_bytes 3 sub 3 output_set', says([{ hex: '000000' }])),
  words('output_set-past-the-end', 'KB-8', `'abc 3 output_set memory_bytes 3 sub 4 output_set`, says('abc'), {
    deviation: 'initial `memory_bytes`',
  }),
  words('output_set-far', 'KB-8', `'abc 3 output_set -8 16 output_set 4294967296 1 output_set`, says('abc')),
  words('output_set-long', 'KB-8', `'abc dup 3 output_set -1 output_set`, says('abc'), {
    deviation: '`output_set(handle, -1)`',
  }),
  words('output_set-2^63', 'KB-8', `'abc dup 3 output_set 9223372036854775808 output_set`, says('abc')),
  words('output_set-gigabyte', 'KB-8', `'abc dup 3 output_set 1073741824 output_set`, says('abc')),
  words('output-and-growth', 'K-17', `'abcd 4 output_set 1000000 alloc drop`, says('abcd')),
  words('input-and-growth', 'K-14', `1000000 alloc drop 0 input_load_u8 put 7 input_load_u8 put`, says('49 32')),
  words('output_offset', 'K-18', `'abc dup 1 add 2 output_set 1 add output_offset eq put`, says('1')),
  words('output_length', 'K-19', `output_length put 'abc 3 output_set output_length put`, says('0 3')),
  words('no-output', 'KC-48', `8 alloc drop`, says('')),

  words('error', 'KC-40', `'bad error_set`, text('bad')),
  words('error-and-code', 'KC-40', `'bad error_set 7 exit`, text('bad')),
  words('error-and-output', 'KC-40', `'bad error_set 'out show`, text('bad')),
  words('error-multibyte', 'KC-40', `'schön error_set`, text('schön')),
  words('error-twice', 'K-20', `'one error_set 'two error_set`, text('two')),
  words('error-cleared', 'KH-10', `'bad error_set 0 error_set 'out show`, says('out')),
  words('error-cleared-and-code', 'KH-10', `'bad error_set 0 error_set 7 exit`, code(7)),
  words('error-inside-a-block', 'KH-10', `16 alloc 1 add error_set 'out show`, says('out')),
  words('error-inside-a-block-and-code', 'KH-10', '16 alloc 1 add error_set 3 exit', code(3)),
  words('error-replaced-by-invalid', 'KH-10', `'bad error_set 16 alloc 1 add error_set 'out show`, says('out')),
  words('error-freed', 'KC-46', `'bad dup error_set free 'out show`, says('out')),
  words('error-out-of-bounds', 'KB-9', `'bad error_set -1 error_set 1 error_set`, text('bad')),
  words('error-behind-the-memory', 'KB-9', `'bad error_set memory_bytes error_set`, text('bad'), {
    deviation: 'initial `memory_bytes`',
  }),
  words('error-far-out-of-bounds', 'KB-9', `'bad dup error_set 4294967296 add error_set`, text('bad')),
  words('error-not-utf8', 'KC-41', '$ff error_set', unreadable),
  words('error-not-utf8-and-code', 'KC-41', '$6180 error_set 7 exit', unreadable),
  words(
    'error_get',
    'K-21',
    `error_get put 'bad dup error_set error_get eq put 0 error_set error_get put`,
    says('0 1 0'),
  ),
  words('error-changed-later', 'K-20', `'bad dup error_set 98 store_u8 error_get 109 store_u8`, text('mad'), {
    about: 'The error is a handle: its text is read at the end.',
  }),
];
