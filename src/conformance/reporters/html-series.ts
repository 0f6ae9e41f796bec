import { formatCount } from '../../digits.ts';
import type { VerifyReport } from '../report.ts';
import { type SeriesEntry, type SeriesReport, seriesText, type VerifiedFile } from '../series.ts';
import { hashFact, reportFacts, reportParts, summary } from './html.ts';
import { statusMark } from './html-checks.ts';
import { fact, type HtmlPageOptions, optionFacts, pageOf, referenceTo } from './html-page.ts';
import type { Section } from './html-section.ts';
import { html, type Markup } from './markup.ts';
import { pluginText, timeText, visible } from './text.ts';

/** What the page of a series says beside its report. */
export interface HtmlSeriesOptions extends HtmlPageOptions {
  /** The SHA-256 of files in hexadecimal digits, by their names in the report. */
  readonly sha256?: ReadonlyMap<string, string> | undefined;
}

/** How many files, and how many whole reports, a page has at most: the failures are first. */
const SHOWN = { files: 1000, reports: 50 } as const;

/**
 * Writes the report of a series as one self-contained HTML document: a row for each file, failures
 * first, and below it the whole reports, folded. The rows of one verdict can be chosen, also
 * without script. The page has at most 1000 rows and 50 reports. {@link htmlReport} says what else
 * holds for it.
 *
 * @param options facts that the report does not have. Each is left out of the page if missing.
 * @throws RangeError if the date is invalid.
 */
export function htmlSeriesReport(series: SeriesReport, options: HtmlSeriesOptions = {}): string {
  const title = seriesText(series.counts);
  const sorted = series.files.toSorted((one, other) => rankOf(one) - rankOf(other));
  const rows = sorted.slice(0, SHOWN.files);
  const reports = rows.filter((entry) => 'report' in entry).slice(0, SHOWN.reports);
  return pageOf({
    title,
    header: html`<p class="eyebrow">Plugin conformance</p>
<h1>${title}</h1>
<p class="verdict">${statusMark(series.verdict)}</p>
<dl>
${[fact('Files', formatCount(sorted.length)), fact('Took', timeText(series.durationMs)), optionFacts(options)]}</dl>`,
    main: html`${fileTable(rows, reports)}
${left(sorted.length - rows.length, 'more files, which have no row here.')}
${reports.map((entry, index) => wholeReport(entry, index, options))}
${left(rows.filter((entry) => 'report' in entry).length - reports.length, 'more reports: verify these files alone.')}`,
    footer: html`<p>Report of a series, version ${series.version}. ${referenceTo('abi/PROTOCOL.md', options)} and
${referenceTo('abi/HOOKS.md', options)} state the rules, ${referenceTo('abi/KERNEL.md', options)} defines fuel.</p>`,
  });
}

/** What an entry comes to. */
type Outcome = VerifyReport['verdict'] | 'unverified';

/** The outcomes in the order of the table. */
const outcomes: readonly Outcome[] = ['fail', 'unverified', 'warn', 'pass'];

const outcomeTexts: Readonly<Record<Outcome, string>> = {
  fail: 'failed',
  unverified: 'not verified',
  warn: 'warned',
  pass: 'passed',
};

function outcomeOf(entry: SeriesEntry): Outcome {
  return 'report' in entry ? entry.report.verdict : 'unverified';
}

function rankOf(entry: SeriesEntry): number {
  return outcomes.indexOf(outcomeOf(entry));
}

function left(count: number, what: string): Markup {
  return count > 0 ? html`<p class="left">And ${formatCount(count)} ${what}</p>` : html``;
}

function sectionId(index: number): string {
  return `plugin-${index + 1}`;
}

function fileTable(rows: readonly SeriesEntry[], reports: readonly VerifiedFile[]): Markup {
  return html`<section>
<h2 id="files">Files</h2>
${filter(rows)}
<div class="scroll" role="region" aria-labelledby="files" tabindex="0"><table class="files">
<thead><tr><th scope="col">Result</th><th scope="col">File</th><th scope="col">Plugin</th>
<th scope="col" class="number">Generation</th><th scope="col">Kind</th><th scope="col" class="number">Failed</th>
<th scope="col" class="number">Warned</th><th scope="col" class="number">Passed</th></tr></thead>
<tbody>
${rows.map((entry) => row(entry, 'report' in entry ? reports.indexOf(entry) : -1))}</tbody>
</table></div>
</section>`;
}

/** Radio buttons that choose rows: the style sheet hides the others. */
function filter(rows: readonly SeriesEntry[]): Markup {
  const count = (outcome: Outcome): number => rows.filter((entry) => outcomeOf(entry) === outcome).length;
  const choices = outcomes.filter((outcome) => count(outcome) > 0);
  return html`<fieldset class="filter"><legend>Show</legend>
<label><input type="radio" name="show" value="all" checked> all <span>${rows.length}</span></label>
${choices.map(
  (outcome) => html`<label><input type="radio" name="show" value="${outcome}"> ${outcomeTexts[outcome]}
<span>${count(outcome)}</span></label>
`,
)}</fieldset>`;
}

function row(entry: SeriesEntry, index: number): Markup {
  const file = visible(entry.file, 300);
  const name = index < 0 ? html`${file}` : html`<a href="#${sectionId(index)}">${file}</a>`;
  if ('error' in entry) {
    const { kind, message } = entry.error;
    return html`<tr class="file unverified"><td>${statusMark('fail', outcomeTexts.unverified)}</td><td>${name}</td>
<td colspan="6">${visible(kind, 64)}: ${visible(message)}</td></tr>
`;
  }
  const { report } = entry;
  const { verdict, generation, kinds, kind, counts } = report;
  return html`<tr class="file ${verdict}"><td>${statusMark(verdict)}</td><td>${name}</td><td>${pluginText(report)}</td>
<td class="number">${generation}</td><td>${kinds.join(', ') || kind}</td><td class="number">${counts.fail}</td>
<td class="number">${counts.warn}</td><td class="number">${counts.pass}</td></tr>
`;
}

function wholeReport({ file, report }: VerifiedFile, index: number, options: HtmlSeriesOptions): Markup {
  const id = sectionId(index);
  const section: Section = { level: 3, id: (name) => `${id}-${name}` };
  const { verdict } = report;
  return html`<details class="file plugin ${verdict}" id="${id}">
<summary>${statusMark(verdict)} <h2 id="${section.id('name')}">${visible(file, 300)}</h2>
<span>${pluginText(report)}</span></summary>
${summary(report)}
<dl>
${[reportFacts(report), hashFact(options.sha256?.get(file))]}</dl>
${reportParts(report, section, options)}
</details>
`;
}
