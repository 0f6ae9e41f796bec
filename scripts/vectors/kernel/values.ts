import type { WrittenVector } from '../layer-vectors.ts';
import { ended, endedBy, fails, phrases, says, words } from './words.ts';

const config = { config: { header: 'x-api-key', é: 'ü', none: '', '': 'nameless', Header: 'other' } };
const limit = (max_var_bytes: number) => ({ max_var_bytes });
const oneOf = (key: string, bytes: number): string => `${key} ${bytes} alloc var_set`;

/** Handles that are not 0 and where no live block starts. */
const invalid: Readonly<Record<string, string>> = {
  small: '5',
  inside: '16 alloc 1 add',
  freed: '8 alloc dup free',
  'minus-1': '-1',
  wrapped: `'header 4294967296 add`,
};

/** Configuration and variables: KERNEL.md, "Configuration and variables", "Variables". */
export const values: readonly WrittenVector[] = [
  words('config', 'K-22', `'header config_get show`, says('x-api-key'), config),
  words('config-unicode', 'K-25', `'é config_get show`, says('ü'), config),
  words('config-case', 'K-22', `'Header config_get show`, says('other'), config),
  words('config-missing', 'K-22', `'heade config_get put 'headers config_get put`, says('0 0'), config),
  words('config-empty-value', 'K-25', `'none config_get put`, says('0'), config),
  words('config-empty-key', 'KH-3', '0 config_get show', says('nameless'), config),
  words('config-empty-key-missing', 'KH-3', '0 config_get put', says('0')),
  words(
    'config-of-nobody',
    'K-22',
    `'toString config_get put '__proto__ config_get put 'constructor config_get put`,
    says('0 0 0'),
  ),
  words('config-frees-the-key', 'K-22', `'header dup config_get swap length put show`, says('0 x-api-key'), config),
  words('config-frees-the-key-of-nothing', 'K-22', `'nothing dup config_get put length put`, says('0 0'), config),
  words('config-key-freed-again', 'K-2.5', `'header dup config_get swap free show`, says('x-api-key'), config),
  words(
    'config-new-block',
    'K-22',
    `'header config_get dup 65 store_u8 'header config_get show`,
    says('x-api-key'),
    config,
  ),
  words('config-key-not-utf8', 'KH-12', '$ff config_get put', ended, config),
  words('config-key-cut', 'KH-12', '$c3 config_get put', ended, config),
  words('config-key-surrogate', 'KH-12', '$eda080 config_get put', ended, config),
  ...Object.entries(invalid).map(([name, handle]) =>
    words(`config-key-${name}`, 'KH-14', `${handle} config_get put`, endedBy('config_get'), config),
  ),

  words('variable', 'K-24', `'k 'value var_set 'k var_get show`, says('value')),
  words('variable-missing', 'K-23', `'k 'value var_set 'K var_get put`, says('0')),
  words('variable-bytes', 'K-25', `'k $00ff80 var_set 'k var_get show`, says([{ hex: '00ff80' }])),
  words('variable-replaced', 'K-24', `'k 'one var_set 'k 'second var_set 'k var_get show`, says('second')),
  words('variables', 'K-24', `'a 'one var_set 'b 'two var_set 'a var_get show 'b var_get show`, says('one two')),
  words('variable-key-unicode', 'K-25', `'é 'value var_set $c3a9 var_get show`, says('value')),
  words('variable-removed', 'KH-5', `'k 'value var_set 'k 0 var_set 'k var_get put`, says('0')),
  words('variable-removed-nothing', 'KH-5', `'k 0 var_set 'k var_get put`, says('0')),
  words('variable-empty-key', 'KH-4', `0 'value var_set 0 var_get show`, says('value')),
  words('variable-empty-key-get', 'KH-3', '0 var_get put', says('0')),
  words('variable-is-a-copy', 'K-23', `'k 'value var_set 'k var_get 65 store_u8 'k var_get show`, says('value')),
  words(
    'variable-frees-both',
    'K-24',
    `'k dup keep 'value dup kept swap var_set length put kept length put drop`,
    says('0 0'),
  ),
  words('variable-removal-frees-the-key', 'K-24', `'k dup 0 var_set length put`, says('0')),
  words('variable-get-frees-the-key', 'K-23', `'k 'value var_set 'k dup var_get swap length put show`, says('0 value')),
  words('variable-key-freed-again', 'K-2.5', `'k 'value var_set 'k dup var_get swap free show`, says('value')),
  words('variable-of-nobody', 'K-23', `'__proto__ var_get put 'toString var_get put`, says('0 0')),
  words('variable-key-not-utf8', 'KH-12', '$ff var_get put', ended),
  words('variable-set-key-not-utf8', 'KH-12', `$ff 'v var_set`, ended),
  words('variable-removal-key-not-utf8', 'KH-12', '$ff 0 var_set', ended),
  ...Object.entries(invalid).flatMap(([name, handle]) => [
    words(`variable-key-${name}`, 'KH-3', `${handle} var_get put`, ended),
    words(`variable-set-key-${name}`, 'KH-4', `${handle} 'v var_set`, ended),
    words(`variable-set-value-${name}`, 'KH-5', `'k ${handle} var_set`, ended),
  ]),

  words(
    'variables-without-room',
    'K-2.4',
    `'k 500000 alloc var_set 100 times 'k var_get drop`,
    {
      oneOf: [fails('OutOfMemory'), ended],
    },
    { about: 'A host that cannot end the call at a growth ends it since there is no block.' },
  ),
  phrases('variables-persist', 'KV-1', [
    [`'k 'value var_set`, says('')],
    [`'k var_get show`, says('value')],
    [`'k var_get show`, says('value')],
  ]),
  phrases('variables-survive-failures', 'KV-1', [
    [`'k 'value var_set trap`, fails('Trap')],
    [`'k var_get show dive`, fails('StackOverflow')],
    [`'k var_get show 7 exit`, fails('NonZeroExit', { code: 7 })],
    [`'k var_get show`, says('value')],
  ]),
  words('limit-exact', 'KV-4', `${oneOf(`'k`, 51)} 'k var_get length put`, says('51'), {
    about: 'The entry takes 24 + 24 + 1 + 51 = 100 bytes.',
    ...limit(100),
  }),
  words('limit-over-by-value', 'KV-4', oneOf(`'k`, 52), ended, limit(100)),
  words('limit-over-by-key', 'KV-4', oneOf(`'kk`, 51), ended, limit(100)),
  words('limit-key-in-bytes', 'KV-4', oneOf(`'é`, 50), says(''), limit(100)),
  words('limit-key-in-bytes-over', 'KV-4', oneOf(`'é`, 51), ended, limit(100)),
  words('limit-empty-key', 'KV-4', oneOf('0', 52), says(''), limit(100)),
  words('limit-of-two', 'KV-5', `${oneOf(`'a`, 1)} ${oneOf(`'b`, 1)} 'b var_get length put`, says('1'), limit(100)),
  words('limit-of-two-over', 'KV-5', `${oneOf(`'a`, 1)} ${oneOf(`'b`, 1)}`, ended, limit(99)),
  words('limit-replaces', 'KV-5', `${oneOf(`'k`, 1)} ${oneOf(`'k`, 1)}`, says(''), {
    about: 'Replacing needs room for both values.',
    ...limit(100),
  }),
  words('limit-replaces-over', 'KV-5', `${oneOf(`'k`, 1)} ${oneOf(`'k`, 1)}`, ended, limit(99)),
  words('limit-replaced-counts-once', 'KV-5', `${oneOf(`'k`, 3)} ${oneOf(`'k`, 1)} ${oneOf(`'k`, 3)}`, says(''), {
    about: 'After the second, 50 bytes are stored. The third needs 52 more.',
    ...limit(102),
  }),
  words('limit-removal', 'KV-6', `${oneOf(`'k`, 51)} 'k 0 var_set 'k var_get put`, says('0'), limit(100)),
  words('limit-removal-makes-room', 'KV-6', `${oneOf(`'a`, 51)} 'a 0 var_set ${oneOf(`'b`, 51)}`, says(''), limit(100)),
  words('limit-removal-of-a-long-key', 'KV-6', `'${'k'.repeat(300)} 0 var_set 'ok show`, says('ok'), limit(100)),
  words('limit-0-set', 'KV-7', `'k 'v var_set`, ended, limit(0)),
  words('limit-0-removal', 'KV-7', `'k 0 var_set`, ended, limit(0)),
  words('limit-0-get', 'KV-7', `'k var_get put`, says('0'), limit(0)),
  words('limit-1', 'KV-7', `'k 0 var_set 'ok show`, says('ok'), limit(1)),
  words('limit-default', 'KV-3', `${oneOf(`'k`, 1_048_527)} 'k var_get length put`, says('1048527'), {
    about: '24 + 24 + 1 + 1,048,527 is 1 MiB.',
    budget: { memory_pages: 64 },
  }),
  words('limit-default-over', 'KM-9', oneOf(`'k`, 1_048_528), ended, { budget: { memory_pages: 64 } }),
  phrases(
    'limit-failed-set-changes-nothing',
    'KV-9',
    [
      [`'k 'old var_set`, says('')],
      [oneOf(`'k`, 100), ended],
      [`'k -1 var_set`, ended],
      [`'k var_get show`, says('old')],
    ],
    limit(150),
  ),
  phrases('variable-of-a-failed-call', 'KV-9', [
    [`'k 'one var_set 'k 'two var_set $ff 'three var_set`, ended],
    [`'k var_get show`, says('two')],
  ]),
];
