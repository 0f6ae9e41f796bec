import { formatCount } from '../../digits.ts';
import type { VerifyReport } from '../report.ts';
import { checksIn, findingsIn, groupLinks, statuses, statusMark, statusNames } from './html-checks.ts';
import { exchangeSection } from './html-exchange.ts';
import { fact, type HtmlPageOptions, nameList, optionFacts, pageOf, referenceTo } from './html-page.ts';
import { requestSection, requestsIn } from './html-requests.ts';
import type { Section } from './html-section.ts';
import { html, type Markup } from './markup.ts';
import { pluginText, timeText, verdictText, visible } from './text.ts';

/** What the page of one plugin says beside its report. */
export interface HtmlReportOptions extends HtmlPageOptions {
  /** The name of the plugin's file. */
  readonly file?: string | undefined;
  /** The SHA-256 of the file in hexadecimal digits. */
  readonly sha256?: string | undefined;
}

/**
 * Writes a report as one self-contained HTML document: for light and dark displays, phones, screen
 * readers and print. It loads nothing, and its script only copies requests and unfolds parts. No
 * text of the plugin becomes markup, and long ones are cut.
 *
 * @param options facts that the report does not have. Each is left out of the page if missing.
 * @throws RangeError if the date is invalid.
 */
export function htmlReport(report: VerifyReport, options: HtmlReportOptions = {}): string {
  const section: Section = { level: 2, id: (name) => name };
  const { document } = texts[report.generation];
  const { file, sha256 } = options;
  const facts = [fact('File', file && visible(file, 300)), reportFacts(report), optionFacts(options), hashFact(sha256)];
  return pageOf({
    title: `${pluginText(report)} ${verdictText(report)}`,
    header: html`<p class="eyebrow">Plugin conformance</p>
<h1 id="${section.id('name')}">${pluginText(report)}</h1>
${summary(report)}
<dl>
${facts}</dl>`,
    main: html`${contents(report, section)}
${reportParts(report, section, options)}`,
    footer: html`<p>Conformance report, version ${report.version}. ${referenceTo(document, options)} states the rules,
${referenceTo('abi/KERNEL.md', options)} defines fuel.</p>`,
  });
}

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

/** The verdict, and how many checks had each result. */
export function summary(report: VerifyReport): Markup {
  const { counts, checks, verdict } = report;
  const shares = statuses.filter((status) => counts[status] > 0);
  const words = shares.map((status) => `${counts[status]} ${statusNames[status]}`).join(', ');
  let x = 0;
  const bars = shares.map((status) => {
    const bar = html`<rect class="${status}" x="${x}" width="${counts[status]}" height="1"/>`;
    x += counts[status];
    return bar;
  });
  return html`<p class="verdict">${statusMark(verdict, verdictText(report))}</p>
<p class="counts">${checks.length} checks: ${words}</p>
<svg class="bar" viewBox="0 0 ${x} 1" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>`;
}

/** What a report says of its plugin, as entries of a `<dl>`. */
export function reportFacts({ plugin, kinds, kind, durationMs, generation }: VerifyReport): Markup {
  const { foundBy, functions } = texts[generation];
  const [title, none] = functions;
  return html`${[
    fact('Size', `${formatCount(plugin.bytes)} bytes`),
    fact('Verified as', `${kinds.join(', ') || 'unknown'}${kind === 'auto' ? ` (${foundBy})` : ''}`),
    fact(title, nameList(plugin.functions, none)),
    fact('Capabilities', generation === 1 ? nameList(plugin.capabilities, 'none required') : undefined),
    fact('Took', timeText(durationMs)),
  ]}`;
}

/** The hash of a file as an entry of a `<dl>`. */
export function hashFact(sha256: string | undefined): Markup {
  return fact('SHA-256', sha256 && html`<code>${visible(sha256, 64)}</code>`);
}

/** The table of contents. */
function contents({ checks, exchange, counts }: VerifyReport, section: Section): Markup {
  const links: readonly (readonly [id: string, text: string])[] = [
    ...(counts.fail + counts.warn > 0 ? [['change', 'What to change'] as const] : []),
    ['checks', 'All checks'],
    ['exchange', 'Exchange'],
    ...(requestsIn(exchange).length > 0 ? [['requests', 'Requests'] as const] : []),
  ];
  return html`<nav aria-label="Contents">
<ul>
${links.map(([id, text]) => html`<li><a href="#${section.id(id)}">${text}</a></li>\n`)}</ul>
<ul>
${groupLinks(checks, section)}</ul>
</nav>`;
}

/** Everything that a report says beside the facts: findings, checks, exchange, requests. */
export function reportParts(report: VerifyReport, section: Section, options: HtmlPageOptions): Markup {
  const { checks, exchange, generation } = report;
  return html`${findingsIn(report, section, options)}
${checksIn(checks, section, options)}
${exchangeSection(exchange, texts[generation].caption, section)}
${requestSection(exchange, section)}`;
}
