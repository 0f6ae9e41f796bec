import type { CheckReport, CheckStatus, VerifyReport } from '../report.ts';
import { type HtmlPageOptions, referenceTo, withCode } from './html-page.ts';
import { requestLink } from './html-requests.ts';
import type { Section } from './html-section.ts';
import { html, type Markup } from './markup.ts';
import { groupChecks, measurementText, timeText } from './text.ts';

const SYMBOLS: Readonly<Record<CheckStatus, string>> = { pass: '\u2713', warn: '!', fail: '\u2717', skipped: '\u2013' };

/** What the page calls each result. */
export const statusNames: Readonly<Record<CheckStatus, string>> = {
  pass: 'passed',
  warn: 'warned',
  fail: 'failed',
  skipped: 'skipped',
};

/** All results, the ones that need a change first. */
export const statuses: readonly CheckStatus[] = ['fail', 'warn', 'pass', 'skipped'];

/** A result as a mark: a symbol and a word in its colour. */
export function statusMark(status: CheckStatus, text: string = statusNames[status]): Markup {
  return html`<span class="mark ${status}"><span aria-hidden="true">${SYMBOLS[status]}</span> ${text}</span>`;
}

/** The checks that did not pass, failures first, with what to change. */
export function findingsIn({ checks, exchange }: VerifyReport, section: Section, options: HtmlPageOptions): Markup {
  const { level, id } = section;
  const found = (['fail', 'warn'] as const).flatMap((wanted) => checks.filter(({ status }) => status === wanted));
  if (found.length === 0) return html``;
  return html`<section>
<h${level} id="${id('change')}">What to change</h${level}>
<ol class="findings">
${found.map((check) => finding(check, level + 1, requestLink(check.id, exchange, section), options))}</ol>
</section>`;
}

function finding(check: CheckReport, level: number, request: Markup, options: HtmlPageOptions): Markup {
  const { id, status, rule, found = '', hint, reference } = check;
  return html`<li class="${status}">
<h${level}>${statusMark(status)} <code>${id}</code></h${level}>
<p>${rule} ${referenceTo(reference, options)}</p>
<p class="found"><b>Found:</b> ${withCode(found)}${request}</p>
${hint === undefined ? html`` : html`<p class="hint"><b>Change:</b> ${withCode(hint)}</p>`}
</li>
`;
}

/** The id of a group's element. */
function groupId(group: string, { id }: Section): string {
  return id(`checks-${group}`);
}

/** Links to the groups, each with its worst result. */
export function groupLinks(checks: readonly CheckReport[], section: Section): Markup {
  return html`${[...groupChecks(checks)].map(([group, members]) => {
    const worst = statuses.find((status) => members.some((check) => check.status === status)) ?? 'skipped';
    return html`<li><a href="#${groupId(group, section)}">${group}</a> <span class="${worst}">${SYMBOLS[worst]}
<span class="unseen">${statusNames[worst]}</span></span></li>
`;
  })}`;
}

/** All checks by group. Those that passed or were skipped are folded. */
export function checksIn(checks: readonly CheckReport[], section: Section, options: HtmlPageOptions): Markup {
  const { level, id } = section;
  return html`<section>
<h${level} id="${id('checks')}">All checks</h${level}>
<div class="groups">
${[...groupChecks(checks)].map(([group, members]) => groupOfChecks(group, members, section, options))}</div>
</section>`;
}

function groupOfChecks(
  group: string,
  members: readonly CheckReport[],
  section: Section,
  options: HtmlPageOptions,
): Markup {
  const isOpen = ({ status }: CheckReport): boolean => status === 'fail' || status === 'warn';
  const open = members.filter(isOpen);
  const folded = members.filter((check) => !isOpen(check));
  const level = section.level + 1;
  return html`<section class="group" id="${groupId(group, section)}">
<h${level}>${group}</h${level}>
<div>${[checkList(open, options), foldedChecks(folded, options)]}</div>
</section>
`;
}

function foldedChecks(checks: readonly CheckReport[], options: HtmlPageOptions): Markup {
  if (checks.length === 0) return html``;
  const counts = (['pass', 'skipped'] as const).flatMap((wanted) => {
    const count = checks.filter(({ status }) => status === wanted).length;
    return count === 0 ? [] : [statusMark(wanted, `${count} ${statusNames[wanted]}`)];
  });
  return html`<details><summary>${counts}</summary>${checkList(checks, options)}</details>`;
}

function checkList(checks: readonly CheckReport[], options: HtmlPageOptions): Markup {
  if (checks.length === 0) return html``;
  return html`<ul class="checks">
${checks.map((check) => checkItem(check, options))}</ul>`;
}

function checkItem(check: CheckReport, options: HtmlPageOptions): Markup {
  const { id, status, rule, reference, measured, reason, durationMs } = check;
  const why = reason === undefined ? html`` : html`<p class="reason">${withCode(reason)}</p>`;
  const costs = [...(measured === undefined ? [] : [measurementText(measured)]), timeText(durationMs)].join(' \u00b7 ');
  const cost = status === 'skipped' ? html`` : html`<p class="costs">${costs}</p>`;
  return html`<li class="${status}" data-check="${id}">${statusMark(status)}
<div><code>${id}</code> ${referenceTo(reference, options)}<p>${rule}</p>${why}${cost}</div></li>
`;
}
