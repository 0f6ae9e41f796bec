import type { CheckReport, CheckStatus, VerifyReport } from '../report.ts';
import { exchangePicture, exchangeTable } from './html-exchange.ts';
import { styleSheet } from './html-style.ts';
import { html, type Markup, markup } from './markup.ts';
import { groupChecks, grouped, measurementText, pluginText, timeText, verdictText, visible } from './text.ts';

/**
 * Writes a report as one self-contained HTML document: no script, no font, no request. For light
 * and dark displays, screen readers and print. Every text from the plugin is escaped.
 */
export function htmlReport(report: VerifyReport): string {
  const title = `${pluginText(report)} ${verdictText(report)}`;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${markup(styleSheet)}</style>
</head>
<body>
<header class="${report.verdict}">
${heading(report)}
</header>
<main>
${findings(report)}
${exchange(report)}
${checkTables(report)}
</main>
<footer>
<p>Conformance report, version ${report.version}. ${texts[report.generation].document} states the rules,
abi/KERNEL.md defines fuel.</p>
</footer>
</body>
</html>
`;
  return document.text;
}

const SYMBOLS: Readonly<Record<CheckStatus, string>> = { pass: '\u2713', warn: '!', fail: '\u2717', skipped: '\u2013' };

const NAMES: Readonly<Record<CheckStatus, string>> = {
  pass: 'passed',
  warn: 'warned',
  fail: 'failed',
  skipped: 'skipped',
};

/** What the page says of each generation. */
const texts: Readonly<Record<VerifyReport['generation'], GenerationTexts>> = {
  1: {
    document: 'abi/PROTOCOL.md',
    foundBy: 'found by its functions',
    functions: ['Functions', 'none negotiated'],
    caption:
      'Each layer needs the one before it. The time of the handshake does not include compiling. Each dispatch ' +
      'sends the sample request of the function.',
  },
  2: {
    document: 'abi/HOOKS.md',
    foundBy: 'found by its hooks',
    functions: ['Hooks', 'none declared'],
    caption: 'Each step needs the one before it. Each call has an instance of its own.',
  },
};

interface GenerationTexts {
  readonly document: string;
  readonly foundBy: string;
  readonly functions: readonly [title: string, none: string];
  readonly caption: string;
}

const STATUSES: readonly CheckStatus[] = ['fail', 'warn', 'pass', 'skipped'];

function heading(report: VerifyReport): Markup {
  const { counts, plugin, kinds, kind, durationMs, checks, verdict, generation } = report;
  const { foundBy, functions } = texts[generation];
  const [title, none] = functions;
  const shares = STATUSES.filter((status) => counts[status] > 0);
  const words = shares.map((status) => `${counts[status]} ${NAMES[status]}`).join(', ');
  return html`<p class="eyebrow">Plugin conformance</p>
<h1>${pluginText(report)}</h1>
<p class="verdict"><span class="badge ${verdict}">
<span aria-hidden="true">${SYMBOLS[verdict]}</span> ${verdictText(report)}</span></p>
<p class="counts">${checks.length} checks: ${words}</p>
<div class="bar" aria-hidden="true">${shares.map(
    (status) => html`<span class="${status}" style="flex-grow:${counts[status]}"></span>`,
  )}</div>
<dl>
<div><dt>Verified as</dt>
<dd>${kinds.join(', ') || 'unknown'}${kind === 'auto' ? ` (${foundBy})` : ''}</dd></div>
<div><dt>${title}</dt>
<dd>${plugin.functions.map((name) => visible(name, 64)).join(', ') || none}</dd></div>
${generation === 1 ? capabilities(plugin) : ''}<div><dt>Module</dt><dd>${grouped(plugin.bytes)} bytes</dd></div>
<div><dt>Took</dt><dd>${timeText(durationMs)}</dd></div>
</dl>`;
}

function capabilities({ capabilities: names }: VerifyReport['plugin']): Markup {
  return html`<div><dt>Capabilities</dt>
<dd>${names.map((name) => visible(name, 64)).join(', ') || 'none required'}</dd></div>
`;
}

function findings({ checks }: VerifyReport): Markup {
  const found = checks.filter(({ status }) => status === 'fail' || status === 'warn');
  if (found.length === 0) return html``;
  const ordered = [...found].sort((a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status));
  return html`<section aria-labelledby="change">
<h2 id="change">What to change</h2>
<ol class="findings">
${ordered.map(finding)}</ol>
</section>`;
}

function finding({ id, status, rule, found = '', hint = '', reference }: CheckReport): Markup {
  return html`<li class="${status}">
<h3>${statusMark(status)} <code>${id}</code></h3>
<p>${rule} <span class="reference">${reference}</span></p>
<p class="found"><b>Found:</b> ${visible(found)}</p>
<p class="hint"><b>Change:</b> ${hint}</p>
</li>
`;
}

function exchange({ exchange: steps, generation }: VerifyReport): Markup {
  return html`<section aria-labelledby="exchange">
<h2 id="exchange">The exchange between host and plugin</h2>
<figure>
<div class="picture" role="region" aria-labelledby="exchange" tabindex="0">${exchangePicture(steps)}</div>
<figcaption>${texts[generation].caption}</figcaption>
</figure>
<details>
<summary>The same as a table</summary>
${exchangeTable(steps)}
</details>
</section>`;
}

function checkTables({ checks }: VerifyReport): Markup {
  return html`<section aria-labelledby="checks">
<h2 id="checks">All checks</h2>
<div class="scroll" role="region" aria-labelledby="checks" tabindex="0"><table class="checks">
<thead><tr><th scope="col">Result</th><th scope="col">Check and rule</th>
<th scope="col" class="number">Measured</th>
<th scope="col" class="number">Time</th></tr></thead>
${[...groupChecks(checks)].map(
  ([group, members]) => html`<tbody>
<tr class="group"><th scope="rowgroup" colspan="4">${group}</th></tr>
${members.map(row)}</tbody>
`,
)}</table></div>
</section>`;
}

function row({ id, status, rule, reference, measured, reason, durationMs }: CheckReport): Markup {
  const why = reason === undefined ? html`` : html`<p class="reason">${visible(reason)}</p>`;
  const [value, time] =
    status === 'skipped' ? ['', ''] : [measured === undefined ? '' : measurementText(measured), timeText(durationMs)];
  return html`<tr class="${status}" data-check="${id}"><td>${statusMark(status)}</td>
<td><code>${id}</code> <span class="reference">${reference}</span><p class="rule">${rule}</p>${why}</td>
<td class="number">${value}</td><td class="number">${time}</td></tr>
`;
}

function statusMark(status: CheckStatus): Markup {
  return html`<span class="mark ${status}"><span aria-hidden="true">${SYMBOLS[status]}</span> ${NAMES[status]}</span>`;
}
