import {
  type CheckReport,
  type CheckStatus,
  type ExchangeStep,
  reportSeries,
  type SeriesReport,
  type VerifyReport,
} from '../../src/conformance/index.ts';

/*
 * Reports that never change, for the pictures of their pages: what is in a real one depends on the
 * checks of the day and on the time that they took.
 */

type Row = readonly [id: string, rule: string, anchor: string, rest?: Partial<CheckReport>];

const PROTOCOL_ROWS: readonly Row[] = [
  ['identity.section', 'The module has one custom section cc_lb.plugin.v1.', 'layer-1-identity'],
  ['identity.name', 'plugin_name has 1 to 64 characters.', 'layer-1-identity'],
  [
    'handshake.fuel',
    'The handshake burns less than half of its fuel.',
    'A-3',
    { measured: { value: 119_799, unit: 'fuel', limit: 10_000_000 } },
  ],
  [
    'handshake.other-offer',
    'For an offer with unknown versions only, cc_lb_handshake chooses no version that the offer does not list.',
    'A-6',
    {
      status: 'warn',
      found: 'the offer lists only version 65535 of each function; chosen_versions has version 1 of `filter`',
      hint: 'Choose from the versions in the offer. If none is supported, set an error.',
    },
  ],
  ['self-check.slots', 'The self-check answers for each slot of the plugin.', 'layer-3-self-check'],
  [
    'filter.answers',
    'filter answers its dry-run sample: no trap, no error, code 0, within the budget.',
    'A-7',
    {
      status: 'fail',
      measured: { value: 52_310, unit: 'fuel', limit: 1_000_000_000 },
      found: 'Trap: wasm trap: unreachable in `panic_fmt` \u2190 `unwrap_failed` \u2190 `choose` \u2190 `filter`',
      hint: 'Look at `choose`: a panic (unwrap, expect, an index out of bounds) ends so. Report an error instead.',
    },
  ],
  [
    'filter.envelope',
    'The answer of filter is a JSON object with the _v of the request.',
    'A-8',
    { status: 'skipped', reason: 'filter.answers failed' },
  ],
  ['budget.memory', 'The plugin starts with at most 256 pages.', 'A-12', { measured: { value: 17, unit: 'pages' } }],
];

const HOOK_ROWS: readonly Row[] = [
  ['inspection.metadata', 'The metadata names the plugin and its hooks.', 'metadata'],
  ['filter.sample', 'filter answers a request with two candidates.', 'messages'],
  ['filter.known', 'The answer names only candidates of the request.', 'filter'],
  ['isolation.order', 'The order of requests changes no answer.', 'calls'],
];

const EXCHANGE: readonly ExchangeStep[] = [
  {
    layer: 'identity',
    title: 'reads cc_lb.plugin.v1',
    isCall: false,
    status: 'passed',
    response: 'my-router 1.2.0',
    durationMs: 0.8,
  },
  {
    layer: 'handshake',
    title: 'cc_lb_handshake',
    isCall: true,
    status: 'passed',
    request: 'offer: 7 functions, 0 capabilities',
    requestBytes: 209,
    response: 'accept: filter 1',
    responseBytes: 178,
    fuel: 119_799,
    durationMs: 1.9,
  },
  {
    layer: 'dispatch',
    title: 'filter',
    isCall: true,
    status: 'failed',
    request: 'the sample',
    requestBytes: 58,
    requestJson: '{"_v":1,"request_id":"sample","candidates":[],"body":"e30="}',
    response: 'Trap: wasm trap: unreachable',
    fuel: 52_310,
    durationMs: 0.6,
  },
];

/** A router of generation 1 that fails one check and has one warning. */
export const failingReport: VerifyReport = reportOf(PROTOCOL_ROWS, {
  generation: 1,
  kinds: ['router'],
  plugin: { bytes: 26_216, name: 'my-router', version: '1.2.0', functions: ['filter'], capabilities: ['storage'] },
  exchange: EXCHANGE,
});

/** A filter of generation 2 that conforms. */
export const passingReport: VerifyReport = reportOf(HOOK_ROWS, {
  generation: 2,
  kinds: ['filter'],
  plugin: { bytes: 61_040, name: 'my-filter', version: '0.3.1', functions: ['filter'], capabilities: [] },
  exchange: [
    {
      layer: 'call',
      title: 'cc_lb_filter',
      isCall: true,
      status: 'passed',
      request: 'the sample',
      requestJson: '{"request_id":"conformance-req-1","candidates":[]}',
      response: 'the response',
      fuel: 4_120,
      durationMs: 0.2,
    },
  ],
});

/** A series of files with each outcome. */
export const exampleSeries: SeriesReport = reportSeries([
  { file: 'plugins/my-filter.wasm', report: passingReport },
  { file: 'plugins/my-router.wasm', report: failingReport },
  { file: 'plugins/quiet.wasm', report: withoutFailures(failingReport) },
  { file: 'plugins/gone.wasm', error: { kind: 'Unreadable', message: 'cannot read plugins/gone.wasm: no such file' } },
]);

/** What the pages of the pictures say beside the reports. */
export const examplePage = {
  date: new Date('2030-01-02T03:04:05Z'),
  tool: 'cc-lb-plugin 1.2.3',
  documents: 'https://example.com/',
} as const;

/** The SHA-256 of the example, in hexadecimal digits. */
export const EXAMPLE_SHA256 = 'a5cea68c26d4ef342cf0dd24563eff1a91fd88c5bfa9917b6513f59187f4dabd';

function reportOf(
  rows: readonly Row[],
  facts: Pick<VerifyReport, 'generation' | 'kinds' | 'plugin' | 'exchange'>,
): VerifyReport {
  const document = facts.generation === 1 ? 'abi/PROTOCOL.md' : 'abi/HOOKS.md';
  const checks = rows.map(([id, rule, anchor, rest]): CheckReport => {
    return { id, rule, reference: `${document}#${anchor}`, status: 'pass', durationMs: 0.4, ...rest };
  });
  return withChecks({ ...facts, version: 1, kind: 'auto', durationMs: 316.9 }, checks);
}

function withChecks(
  report: Omit<VerifyReport, 'checks' | 'counts' | 'verdict'>,
  checks: readonly CheckReport[],
): VerifyReport {
  const count = (wanted: CheckStatus): number => checks.filter(({ status }) => status === wanted).length;
  const counts = { pass: count('pass'), warn: count('warn'), fail: count('fail'), skipped: count('skipped') };
  return { ...report, verdict: counts.fail > 0 ? 'fail' : counts.warn > 0 ? 'warn' : 'pass', counts, checks };
}

function withoutFailures(report: VerifyReport): VerifyReport {
  return withChecks(
    report,
    report.checks.filter(({ status }) => status !== 'fail'),
  );
}
