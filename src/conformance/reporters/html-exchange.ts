import { formatCount } from '../../digits.ts';
import type { ExchangeStep } from '../report.ts';
import type { Section } from './html-section.ts';
import { html, type Markup } from './markup.ts';
import { timeText, visible } from './text.ts';

/** The width of the picture and the positions of its columns, in units of its view box. */
const WIDTH = 880;
const LABEL = 16;
const HOST = 190;
const PLUGIN = 640;
const COST = 664;

/** The heights of the head, of a call, and of a step that the host does by itself. */
const HEAD = 64;
const CALL = 84;
const NOTE = 64;

/** The number of characters that fit between the two lines, and beside them. */
const BETWEEN = 64;
const BESIDE = 24;

const LAYERS: Readonly<Record<ExchangeStep['layer'], string>> = {
  identity: '1 identity',
  handshake: '2 handshake',
  self_check: '3 self-check',
  metadata: '4 record',
  dispatch: '5 dispatch',
  inspect: '1 inspection',
  compile: '2 compiling',
  probe: '3 probes',
  call: '4 calls',
};

/** The exchange between host and plugin: a picture, and the same as a folded table. */
export function exchangeSection(steps: readonly ExchangeStep[], caption: string, { level, id }: Section): Markup {
  return html`<section>
<h${level} id="${id('exchange')}">The exchange between host and plugin</h${level}>
<figure>
<div class="picture" role="region" aria-labelledby="${id('picture-title')} ${id('name')}" tabindex="0">
${exchangePicture(steps, id)}
</div>
<figcaption>${caption}</figcaption>
</figure>
<details>
<summary>The same as a table</summary>
${exchangeTable(steps, id)}
</details>
</section>`;
}

/** The exchange as a sequence diagram: an SVG element. */
function exchangePicture(steps: readonly ExchangeStep[], id: Section['id']): Markup {
  const heights = steps.map(({ isCall }) => (isCall ? CALL : NOTE));
  const height = heights.reduce((sum, each) => sum + each, HEAD + 24);
  const [title, text] = [id('picture-title'), id('picture-text')];
  let y = HEAD;
  const drawn = steps.map((step, index) => {
    const top = y;
    y += heights[index] ?? 0;
    return html`<g class="step ${step.status}">${drawStep(step, top, steps[index - 1]?.layer !== step.layer)}</g>`;
  });
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${title} ${text}">
<title id="${title}">Sequence of the exchange</title>
<desc id="${text}">${steps.map(describe).join('. ')}.</desc>
<line class="life" x1="${HOST}" y1="48" x2="${HOST}" y2="${height - 8}"/>
<line class="life" x1="${PLUGIN}" y1="48" x2="${PLUGIN}" y2="${height - 8}"/>
${head(HOST, 'host')}${head(PLUGIN, 'plugin')}
${drawn}
</svg>`;
}

function head(x: number, name: string): Markup {
  return html`<rect class="head" x="${x - 54}" y="12" width="108" height="34" rx="8"/>
<text class="name" x="${x}" y="34" text-anchor="middle">${name}</text>`;
}

function drawStep(step: ExchangeStep, top: number, isFirst: boolean): Markup {
  const label = isFirst ? html`<text class="layer" x="${LABEL}" y="${top + 26}">${LAYERS[step.layer]}</text>` : html``;
  return html`${label}${step.isCall ? drawCall(step, top) : drawNote(step, top)}`;
}

function drawCall(step: ExchangeStep, top: number): Markup {
  const [go, back] = [top + 26, top + 60];
  const middle = (HOST + PLUGIN) / 2;
  const sent = step.request === undefined ? '' : ` \u00b7 ${step.request}`;
  const request = `${step.title}${sent}${size(step.requestBytes)}`;
  if (step.status === 'skipped') {
    return html`<text class="muted" x="${middle}" y="${go - 6}" text-anchor="middle">
${cut(step.title)} \u00b7 not reached</text>
<line class="arrow none" x1="${HOST}" y1="${go}" x2="${PLUGIN}" y2="${go}"/>`;
  }
  const response = `${step.response ?? ''}${size(step.responseBytes)}`;
  return html`<rect class="active" x="${PLUGIN - 5}" y="${go - 4}" width="10" height="${back - go + 8}" rx="3"/>
<text x="${middle}" y="${go - 6}" text-anchor="middle">${cut(request)}</text>
${arrow(HOST, PLUGIN - 5, go, 'go')}
<text x="${middle}" y="${back - 6}" text-anchor="middle">${cut(response)}</text>
${arrow(PLUGIN - 5, HOST, back, 'back')}
<text class="cost" x="${COST}" y="${go + 8}">${step.fuel === undefined ? '' : `${formatCount(step.fuel)} fuel`}</text>
<text class="cost muted" x="${COST}" y="${go + 26}">${timeText(step.durationMs)}</text>`;
}

function arrow(from: number, to: number, y: number, kind: 'go' | 'back'): Markup {
  const tip = to > from ? to - 9 : to + 9;
  return html`<line class="arrow ${kind}" x1="${from}" y1="${y}" x2="${tip}" y2="${y}"/>
<path class="tip" d="M${to} ${y}L${tip} ${y - 5}V${y + 5}Z"/>`;
}

function drawNote(step: ExchangeStep, top: number): Markup {
  const isSkipped = step.status === 'skipped';
  const text = isSkipped ? 'not reached' : (step.response ?? '');
  const time = isSkipped ? '' : timeText(step.durationMs);
  return html`<rect class="note" x="${HOST - 6}" y="${top + 8}" width="330" height="44" rx="8"/>
<text x="${HOST + 8}" y="${top + 27}">${step.title}</text>
<text class="muted" x="${HOST + 8}" y="${top + 44}">${cut(text, 2 * BESIDE)}</text>
<text class="cost muted" x="${COST}" y="${top + 35}">${time}</text>`;
}

function size(bytes: number | undefined): string {
  return bytes === undefined ? '' : ` \u00b7 ${formatCount(bytes)} B`;
}

/** Shortens a text to a number of characters. */
function cut(text: string, length = BETWEEN): string {
  const shown = visible(text);
  return shown.length > length ? `${shown.slice(0, length - 1)}\u2026` : shown;
}

function describe({ layer, title, status, request, response, fuel }: ExchangeStep): string {
  const details = [request, response, fuel === undefined ? undefined : `${formatCount(fuel)} fuel`].filter(
    (text) => text !== undefined && text !== '',
  );
  return visible(`${LAYERS[layer]}, ${title}: ${status}${details.length === 0 ? '' : `, ${details.join(', ')}`}`, 300);
}

function exchangeTable(steps: readonly ExchangeStep[], id: Section['id']): Markup {
  const title = id('table-title');
  return html`<div class="scroll" role="region" aria-labelledby="${title} ${id('name')}" tabindex="0"><table>
<caption class="unseen" id="${title}">The exchange as a table</caption>
<thead><tr><th scope="col">Layer</th><th scope="col">Step</th><th scope="col">Request</th>
<th scope="col">Result</th><th scope="col" class="number">Fuel</th>
<th scope="col" class="number">Time</th></tr></thead>
<tbody>
${steps.map(exchangeRow)}</tbody></table></div>`;
}

function exchangeRow(step: ExchangeStep): Markup {
  const { layer, title, status, request = '', response = '', requestBytes, responseBytes, fuel, durationMs } = step;
  const came = response === '' ? status : `${status}: ${response}${size(responseBytes)}`;
  return html`<tr class="${status}"><td>${LAYERS[layer]}</td><td><code>${title}</code></td>
<td>${visible(request)}${size(requestBytes)}</td>
<td>${visible(came)}</td>
<td class="number">${fuel === undefined ? '' : formatCount(fuel)}</td>
<td class="number">${status === 'skipped' ? '' : timeText(durationMs)}</td></tr>
`;
}
