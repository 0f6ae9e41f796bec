import { fails, type More, says, step, type WrittenEnd } from './kernel/words.ts';
import type { LayerVectors, WrittenVector } from './layer-vectors.ts';

/** What a word list ends with, or several in one plugin. */
type Steps = readonly (readonly [input: string, ends: WrittenEnd])[];

/** A vector that gives lists of words to the module `host-words`. */
function calls(id: string, rule: string, steps: Steps, more: More = {}): WrittenVector {
  const written = steps.map(([input, ends]) => step(input, ends));
  return { id: `host-functions/${id}`, rule, ...more, wasm: 'host-words', steps: written };
}

const words = (id: string, rule: string, input: string, ends: WrittenEnd, more: More = {}): WrittenVector =>
  calls(id, rule, [[input, ends]], more);

/** The end of a call that a host function ends. */
const endedBy = (name: string, cause?: object): WrittenEnd =>
  fails('HostFunction', { function: `cc_lb_${name}`, ...(cause && { cause }) });

const logged = (...logs: readonly unknown[]): WrittenEnd => ({ output: '', logs });
const counted = (...counters: readonly unknown[]): WrittenEnd => ({ output: '', counters });
const overQuota = endedBy('storage_put');
const overQuotaBy = (bytes: number, quotaBytes: number): WrittenEnd =>
  endedBy('storage_put', { kind: 'StorageQuotaExceeded', bytes, quotaBytes });
const overRandom = (bytes: unknown): WrittenEnd =>
  endedBy('random_bytes', { kind: 'RandomBytesExceeded', bytes, max: 65_536 });

const put = (key: string, value: string): string => `${key} ${value} cc_lb_storage_put`;
const get = (key: string): string => `${key} cc_lb_storage_get`;

/** Handles where no live block starts. */
const invalid: Readonly<Record<string, string>> = {
  small: '5',
  freed: `'a dup free`,
  far: '-1',
};

const ten = '$0a00000000000000';
const most = '$ffffffffffffffff';

const logs: readonly WrittenVector[] = [
  ...['trace', 'debug', 'info', 'warn', 'error'].map((level) =>
    words(`log-${level}`, 'F-2', `'${level} 'text cc_lb_log`, logged([level, 'text'])),
  ),
  ...[`'fatal`, `'WARN`, `'warning`, `'err`, '0'].map((level, index) =>
    words(`log-other-level-${index + 1}`, 'F-2', `${level} 'text cc_lb_log`, logged(['info', 'text'])),
  ),
  words('log-empty', 'F-15', '0 0 cc_lb_log', logged(['info', ''])),
  words('log-unicode', 'F-2', `'error 'schön cc_lb_log`, logged(['error', 'schön'])),
  words('log-below-the-level', 'F-15', `'debug 'text cc_lb_log`, logged(['debug', 'text']), { log_level: 'error' }),
  words('log-off', 'F-15', `'error 'text cc_lb_log`, logged(['error', 'text']), { log_level: 'off' }),
  words('log-order', 'F-2', `'warn 'one cc_lb_log 'trace 'two cc_lb_log`, logged(['warn', 'one'], ['trace', 'two'])),
  words('log-frees-nothing', 'F-13', `'info dup 'text dup keep cc_lb_log show kept show`, {
    output: 'info text',
    logs: [['info', 'text']],
  }),
  words('log-level-not-utf8', 'F-12', `$ff 'text cc_lb_log`, { ...endedBy('log'), logs: [] }),
  words('log-message-not-utf8', 'F-12', `'info $c3 cc_lb_log`, { ...endedBy('log'), logs: [] }),
  words('log-message-surrogate', 'F-12', `'info $eda080 cc_lb_log`, endedBy('log')),
  ...Object.entries(invalid).map(([name, handle]) =>
    words(`log-handle-${name}`, 'KC-38', `'info ${handle} cc_lb_log`, endedBy('log')),
  ),
];

const metrics: readonly WrittenVector[] = [
  words('metric', 'F-3', `'requests ${ten} cc_lb_metric_incr`, counted(['requests', 10])),
  words('metric-0', 'F-3', `'requests $0000000000000000 cc_lb_metric_incr`, counted(['requests', 0])),
  words('metric-byte-order', 'F-10', `'requests $0001000000000000 cc_lb_metric_incr`, counted(['requests', 256])),
  words('metric-unicode', 'F-3', `'anfragen_ü ${ten} cc_lb_metric_incr`, counted(['anfragen_ü', 10])),
  words('metric-without-name', 'F-3', `0 ${ten} cc_lb_metric_incr`, counted(['', 10])),
  {
    ...words('metric-past-u64', 'F-16', `'n ${most} cc_lb_metric_incr 'n ${most} cc_lb_metric_incr 'on show`, {
      output: 'on',
    }),
    about: 'The host gets 2^64 − 1 twice, and the call goes on.',
  },
  ...['$01', '$0a000000000000', '$0a0000000000000000', '0'].map((block, index) =>
    words(`metric-length-${[1, 7, 9, 0][index]}`, 'F-11', `'n ${block} cc_lb_metric_incr`, {
      ...endedBy('metric_incr'),
      counters: [],
    }),
  ),
  words('metric-name-not-utf8', 'F-12', `$ff ${ten} cc_lb_metric_incr`, endedBy('metric_incr')),
  words('metric-value-handle', 'KH-11', `'n -1 cc_lb_metric_incr`, endedBy('metric_incr')),
  words('metric-name-handle', 'KH-11', `5 ${ten} cc_lb_metric_incr`, endedBy('metric_incr')),
  words('metric-frees-nothing', 'F-13', `'n ${ten} dup keep cc_lb_metric_incr kept number put`, says('10')),
];

const storage: readonly WrittenVector[] = [
  words('storage', 'F-5', `${put(`'k`, `'value`)} ${get(`'k`)} show`, says('value')),
  words('storage-missing', 'F-4', `${put(`'k`, `'value`)} ${get(`'K`)} put`, says('0')),
  words('storage-bytes', 'F-5', `${put(`'k`, '$00ff80')} ${get(`'k`)} show`, says([{ hex: '00ff80' }])),
  words('storage-replaced', 'F-5', `${put(`'k`, `'one`)} ${put(`'k`, `'second`)} ${get(`'k`)} show`, says('second')),
  words('storage-key-with-colon', 'F-18', `${put(`'a:b`, `'1`)} ${put(`'a`, `'2`)} ${get(`'a:b`)} show`, says('1')),
  words('storage-key-unicode', 'F-5', `${put(`'é`, `'value`)} ${get('$c3a9')} show`, says('value')),
  words('storage-empty-key', 'F-5', `${put('0', `'value`)} ${get('0')} show`, says('value')),
  words('storage-of-nobody', 'F-4', `${get(`'__proto__`)} put ${get(`'toString`)} put`, says('0 0')),
  words('storage-empty-value', 'F-21', `${put(`'k`, `'value`)} ${put(`'k`, '0')} ${get(`'k`)} put`, says('0')),
  words('storage-copies', 'KU-5', `'k 'value dup keep cc_lb_storage_put kept free ${get(`'k`)} show`, says('value')),
  words('storage-new-block', 'KU-5', `${put(`'k`, `'value`)} ${get(`'k`)} ${get(`'k`)} eq put`, says('0')),
  words('storage-frees-nothing', 'KU-10', `'k dup 'value dup keep cc_lb_storage_put show kept show`, says('k value')),
  words('storage-get-frees-nothing', 'F-13', `'k dup cc_lb_storage_get put show`, says('0 k')),
  words('storage-key-not-utf8', 'F-12', put('$ff', `'v`), endedBy('storage_put')),
  words('storage-get-key-not-utf8', 'F-12', get('$ff'), endedBy('storage_get')),
  ...Object.entries(invalid).flatMap(([name, handle]) => [
    words(`storage-key-${name}`, 'KH-11', put(handle, `'v`), endedBy('storage_put')),
    words(`storage-value-${name}`, 'KU-13', put(`'k`, handle), endedBy('storage_put')),
    words(`storage-get-key-${name}`, 'KU-13', get(handle), endedBy('storage_get')),
  ]),
  words('quota-exact', 'F-19', `${put(`'k`, `'1234567`)} ${get(`'k`)} show`, says('1234567'), {
    about: 'The scoped key `vector:k` has 8 bytes.',
    quota: 15,
  }),
  words('quota-over', 'F-19', put(`'k`, `'12345678`), overQuota, { quota: 15 }),
  words('quota-name-counts', 'F-18', put(`'k`, `'1234567`), says(''), { quota: 10, plugin_name: 'p' }),
  words('quota-name-counts-over', 'F-18', put(`'k`, `'1234567`), overQuota, { quota: 10, plugin_name: 'pp' }),
  words('quota-key-in-bytes', 'F-18', put(`'é`, `'1234567`), overQuota, { quota: 15 }),
  words('quota-empty-value', 'F-21', put(`'k`, '0'), says(''), { quota: 8 }),
  words('quota-empty-value-over', 'F-21', put(`'k`, '0'), overQuota, { quota: 7 }),
  words('quota-0', 'F-19', put('0', '0'), overQuota, { quota: 0 }),
  words('quota-of-two', 'F-18', `${put(`'a`, `'1`)} ${put(`'b`, `'2`)}`, says(''), { quota: 18 }),
  words('quota-of-two-over', 'F-22', `${put(`'a`, `'1`)} ${put(`'b`, `'23`)}`, overQuotaBy(19, 18), {
    quota: 18,
  }),
  words(
    'quota-replaces',
    'F-19',
    `${put(`'k`, `'1234567`)} ${put(`'k`, `'7654321`)} ${get(`'k`)} show`,
    says('7654321'),
    {
      about: 'Replacing needs no room for both values.',
      quota: 15,
    },
  ),
  words('quota-replaces-over', 'F-22', `${put(`'k`, `'1234567`)} ${put(`'k`, `'12345678`)}`, overQuotaBy(16, 15), {
    quota: 15,
  }),
  words('quota-shrinks', 'F-19', `${put(`'a`, `'1234567`)} ${put(`'a`, `'1`)} ${put(`'b`, `'123456`)}`, says(''), {
    quota: 23,
  }),
  calls(
    'quota-changes-nothing',
    'F-20',
    [
      [put(`'k`, `'old`), says('')],
      [put(`'k`, `'123456789`), overQuota],
      [put(`'j`, `'1`), overQuota],
      [`${get(`'k`)} show ${get(`'j`)} put`, says('old 0')],
      [put(`'k`, `'1234567`), says('')],
    ],
    { quota: 15 },
  ),
  words('quota-default', 'F-19', `'k 1048568 alloc cc_lb_storage_put 'on show`, says('on'), {
    about: 'Without `quota` it is 1 MiB. The scoped key has 8 bytes.',
    budget: { memory_pages: 64 },
  }),
  words('quota-default-over', 'F-19', `'k 1048569 alloc cc_lb_storage_put`, overQuota, {
    budget: { memory_pages: 64 },
  }),
  calls('storage-persists', 'F-24', [
    [`${put(`'k`, `'value`)} 3 exit`, fails('NonZeroExit', { code: 3 })],
    [`${put(`'j`, `'other`)} 5 cc_lb_storage_get`, endedBy('storage_get')],
    [`${get(`'k`)} show ${get(`'j`)} show`, says('value other')],
  ]),
];

const time = (id: string, clock: number, found: string, more: More = {}): WrittenVector =>
  words(`now-${id}`, 'F-6', 'cc_lb_now_unix_ms dup length put number put', says(`8 ${found}`), { clock, ...more });
const early = { deviation: '`cc_lb_now_unix_ms` before 1970' };

const bytes = { flags: ['fuel:kernel'], deviation: 'fuel of bytes that the host copies' };

/** What an export of fuel-host.wat burns. */
const fuel = (name: string, rule: string, cost: number, more: More): WrittenVector => ({
  id: `host-functions/fuel-${name}`,
  rule,
  ...more,
  wasm: 'fuel-host',
  steps: [{ call: name, ends: { output: '', fuel: cost } }],
});

const others: readonly WrittenVector[] = [
  words('now', 'F-10', 'cc_lb_now_unix_ms number put', says('1700000000000')),
  time('2026', 1_764_288_000_123, '1764288000123'),
  time('1970', 0, '0'),
  time('before-1970', -1, '18446744073709551615', early),
  time('1900', -2_208_988_800_000, '18446741864720751616', early),
  words('now-new-block', 'F-9', 'cc_lb_now_unix_ms cc_lb_now_unix_ms eq put', says('0')),
  ...(
    [
      ['0', '0000000000000000', 0],
      ['1', '0100000000000000', 1],
      ['65536', '0000010000000000', 65_536],
    ] as const
  ).map(([name, hex, length]) =>
    words(`random-${name}`, 'F-7', `$${hex} cc_lb_random_bytes length put`, says(`${length}`)),
  ),
  words('random-0-is-no-block', 'KU-9', '$0000000000000000 cc_lb_random_bytes put', says('0')),
  words(
    'random-differs',
    'F-7',
    '$0800000000000000 dup cc_lb_random_bytes number swap cc_lb_random_bytes number eq put',
    says('0'),
  ),
  words('random-65537', 'F-8', '$0100010000000000 cc_lb_random_bytes', overRandom(65_537)),
  words('random-2^32', 'F-23', '$0000000001000000 cc_lb_random_bytes', overRandom(4_294_967_296)),
  words('random-2^64-1', 'F-23', `${most} cc_lb_random_bytes`, endedBy('random_bytes')),
  ...['$01', '$010000000000000000', '0'].map((block, index) =>
    words(`random-length-${[1, 9, 0][index]}`, 'KU-8', `${block} cc_lb_random_bytes`, endedBy('random_bytes')),
  ),
  words('random-handle', 'KH-11', '5 cc_lb_random_bytes', endedBy('random_bytes')),
  words('random-frees-nothing', 'F-13', '$0100000000000000 dup cc_lb_random_bytes drop number put', says('1')),
  words('first-fault', 'KU-11', `5 $ff cc_lb_log`, endedBy('log')),
  words('text-keeps-a-byte-order-mark', 'KU-6', `'info $efbbbf61 cc_lb_log`, logged(['info', '\ufeffa'])),
  words('u64-is-little-endian', 'KU-7', `'n $0807060504030000 cc_lb_metric_incr`, counted(['n', 3_315_799_033_608])),
  calls('nothing-runs-after-an-error', 'F-14', [
    [
      `'info 'one cc_lb_log 5 cc_lb_storage_get 'info 'two cc_lb_log`,
      { ...endedBy('storage_get'), logs: [['info', 'one']] },
    ],
    [`'on show`, says('on')],
  ]),
  fuel('log', 'KF-6', 1 + 2 + 1, { flags: ['fuel:kernel'] }),
  fuel('now', 'KF-17', 1 + 1 + 8, bytes),
  fuel('put', 'KF-17', 1 + 2 * (1 + 1 + 67) + 1 + 2 + 4, bytes),
  {
    id: 'host-functions/unused',
    rule: 'KU-1',
    about: 'The host has six functions, and the plugin imports none.',
    wasm: 'words',
    steps: [step(`'on show`, says('on'))],
  },
  {
    id: 'host-functions/caught',
    rule: 'F-14',
    about: 'The plugin tries to catch it.',
    flags: ['feature:exceptions'],
    wasm: 'host-catches',
    steps: [{ call: 'run', ends: endedBy('random_bytes') }],
  },
  {
    id: 'host-functions/type',
    rule: 'F-9',
    about: 'cc_lb_now_unix_ms is imported with a result of type i32.',
    wasm: 'host-type',
    ends: {
      layer: 'build',
      error: {
        kind: 'ImportTypeMismatch',
        fields: { import: { module: 'extism:host/user', name: 'cc_lb_now_unix_ms', kind: 'function' } },
      },
    },
  },
  {
    id: 'host-functions/seventh',
    rule: 'F-1',
    about: 'A seventh function is unknown.',
    wasm: 'host-seventh',
    ends: {
      layer: 'build',
      error: {
        kind: 'UnknownImports',
        fields: { imports: [{ module: 'extism:host/user', name: 'cc_lb_storage_delete', kind: 'function' }] },
      },
    },
  },
];

/** The six functions of cc-lb's host. */
export const hostFunctionVectors: LayerVectors = {
  layer: 'host-functions',
  about: 'What the six functions of cc-lb’s host do, and how handles pass values to them.',
  vectors: [...logs, ...metrics, ...storage, ...others],
};
