import { formatCount } from '../../digits.ts';
import { escapeUnprintable } from '../../printable.ts';
import type { ExchangeStep } from '../report.ts';
import type { Section } from './html-section.ts';
import { html, type Markup } from './markup.ts';
import { groupOf } from './text.ts';

/** The longest request that a page holds, in characters. */
const HELD = 20_000;

/** The calls whose requests a page shows. */
export function requestsIn(steps: readonly ExchangeStep[]): readonly ExchangeStep[] {
  return steps.filter(({ requestJson }) => requestJson !== undefined && requestJson.length <= HELD);
}

/** The requests of the exchange as JSON, each with a button that copies it. */
export function requestSection(steps: readonly ExchangeStep[], { level, id }: Section): Markup {
  const shown = requestsIn(steps);
  if (shown.length === 0) return html``;
  return html`<section class="requests">
<h${level} id="${id('requests')}">Requests</h${level}>
<p>To send one again, save it as <code>request.json</code>:
<code>cc-lb-plugin dispatch plugin.wasm ${functionOf(shown[0])} request.json</code></p>
${shown.map((step, index) => request(step, id(requestId(index))))}</section>`;
}

function requestId(index: number): string {
  return `request-${index + 1}`;
}

/** The checks that judge the answer to a sample. */
const OF_SAMPLE = /\.(?:answers|envelope|response|sample)$/;

/** A link to the request that a check judges the answer to, if the page shows it. */
export function requestLink(check: string, steps: readonly ExchangeStep[], { id }: Section): Markup {
  const isSent = (step: ExchangeStep): boolean => functionOf(step).replaceAll('_', '-') === groupOf(check);
  const index = OF_SAMPLE.test(check) ? requestsIn(steps).findIndex(isSent) : -1;
  return index < 0 ? html`` : html` <a href="#${id(requestId(index))}">The request</a>`;
}

/** What `dispatch` calls the function of a step: a hook goes by its name without `cc_lb_`. */
function functionOf(step: ExchangeStep | undefined): string {
  return step?.title.replace(/^cc_lb_/, '') ?? '';
}

function request(step: ExchangeStep, id: string): Markup {
  const { requestJson = '' } = step;
  const name = functionOf(step);
  const length = formatCount(requestJson.length);
  return html`<details><summary><code>${name}</code>: the sample, ${length} characters</summary>
<p class="copy"><button type="button" data-copies="${id}" aria-label="Copy the request of ${name}" hidden>Copy</button>
<span role="status"></span></p>
<pre id="${id}">${escapeUnprintable(requestJson)}</pre></details>
`;
}
