import { escaped } from '../docs/html/page.ts';
import { anchorsOf } from '../docs/links.ts';
import { inlineHtml, type PageDocument } from './inline-markdown.ts';

/** How many levels lower the headings are on the page, whose own have the first two. */
const LEVELS_LOWER = 2;

/**
 * Renders a document of the contract as HTML for the page. It knows the Markdown that these
 * documents use: headings, paragraphs, lists, tables, code. There is no package for it, since all
 * others render at run time, or write what the policy of the page forbids.
 *
 * @throws Error at what it does not know, and if the anchors of its headings cannot be told.
 */
export function documentHtml(text: string, document: PageDocument): string {
  const renderer = new Renderer(document, anchorsOf(text));
  return renderer.html(text.split('\n'));
}

/** A kind of block: how its first line looks, and what reads it. */
interface BlockRule {
  readonly begins: RegExp;
  /** @returns the HTML, and how many lines the block has. */
  readonly read: (renderer: Renderer, lines: readonly string[]) => Block;
}

interface Block {
  readonly html: string;
  readonly lines: number;
}

const LIST = /^(?:[-*]|\d+\.) +/;

/** The first that fits a line reads it; a paragraph if none does. */
const blocks: readonly BlockRule[] = [
  { begins: /^\s*$/, read: () => ({ html: '', lines: 1 }) },
  { begins: /^<!--.*-->$/, read: () => ({ html: '', lines: 1 }) },
  { begins: /^```/, read: (_, lines) => codeBlock(lines) },
  { begins: /^#{1,6} /, read: (renderer, lines) => renderer.heading(lines[0] ?? '') },
  { begins: /^\|/, read: (renderer, lines) => renderer.table(lines) },
  { begins: LIST, read: (renderer, lines) => renderer.list(lines) },
  { begins: /^ {4}/, read: (_, lines) => indentedCode(lines) },
  {
    begins: /^(?:>|~~~|<(?!a id)|\t)/,
    read: (_, [line]) => {
      throw new Error(`the page knows no such Markdown: ${line}`);
    },
  },
];

function codeBlock(lines: readonly string[]): Block {
  const end = lines.indexOf('```', 1);
  if (end < 0) throw new Error(`a block of code has no end: ${lines[0]}`);
  const code = lines.slice(1, end).join('\n');
  return { html: codeHtml(code), lines: end + 1 };
}

function indentedCode(lines: readonly string[]): Block {
  const end = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('    '));
  const own = lines.slice(0, end < 0 ? lines.length : end);
  const code = own
    .map((line) => line.slice(4))
    .join('\n')
    .trimEnd();
  return { html: codeHtml(code), lines: own.length };
}

/** What scrolls must be reachable by keyboard. */
function codeHtml(code: string): string {
  return `<pre tabindex="0"><code>${escaped(code)}</code></pre>\n`;
}

/** The cells of a row, which may have `\|` in them. */
function cellsOf(row: string): string[] {
  return row
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

class Renderer {
  readonly #document: PageDocument;
  /** The anchors of the headings that are not written yet. */
  readonly #anchors: string[];

  constructor(document: PageDocument, anchors: readonly string[]) {
    this.#document = document;
    this.#anchors = [...anchors];
  }

  html(lines: readonly string[]): string {
    let [html, at] = ['', 0];
    while (at < lines.length) {
      const rest = lines.slice(at);
      const rule = blocks.find(({ begins }) => begins.test(rest[0] ?? ''));
      const block = rule === undefined ? this.#paragraph(rest) : rule.read(this, rest);
      html += block.html;
      at += block.lines;
    }
    return html;
  }

  heading(line: string): Block {
    const [, marks = '', text = ''] = /^(#+) +(.*)$/.exec(line) ?? [];
    const anchor = this.#anchors.shift();
    if (anchor === undefined) throw new Error(`${this.#document.path}: no anchor for ${line}`);
    const level = Math.min(marks.length + LEVELS_LOWER, 6);
    return { html: `<h${level} id="${escaped(anchor)}">${this.#inline(text)}</h${level}>\n`, lines: 1 };
  }

  table(lines: readonly string[]): Block {
    const end = lines.findIndex((line) => !line.startsWith('|'));
    const rows = lines.slice(0, end < 0 ? lines.length : end);
    const [head = '', , ...body] = rows;
    const cell = (text: string, tag: string): string => `<${tag}>${this.#inline(text)}</${tag}>`;
    // A header without words names no column.
    const cells = (row: string, tag: string): string =>
      `<tr>${cellsOf(row)
        .map((text) => cell(text, text === '' ? 'td' : tag))
        .join('')}</tr>`;
    const html =
      `<div class="scroll" tabindex="0"><table><thead>${cells(head, 'th')}</thead>` +
      `<tbody>${body.map((row) => cells(row, 'td')).join('')}</tbody></table></div>\n`;
    return { html, lines: rows.length };
  }

  list(lines: readonly string[]): Block {
    const isOrdered = /^\d/.test(lines[0] ?? '');
    const first = Number.parseInt(lines[0] ?? '', 10);
    const items: string[] = [];
    let at = 0;
    while (at < lines.length) {
      const marker = LIST.exec(lines[at] ?? '')?.[0];
      if (marker === undefined || /^\d/.test(marker) !== isOrdered) break;
      const item = itemLines(lines.slice(at), marker.length);
      items.push(`<li>${this.#item(item)}</li>`);
      at += item.length;
    }
    const tag = isOrdered ? 'ol' : 'ul';
    const start = isOrdered && first !== 1 ? ` start="${first}"` : '';
    return { html: `<${tag}${start}>${items.join('')}</${tag}>\n`, lines: at };
  }

  /** The text of an item. If no blank line is in it, its first paragraph has no element. */
  #item(lines: readonly string[]): string {
    const width = LIST.exec(lines[0] ?? '')?.[0].length ?? 0;
    const own = lines.map((line) => line.slice(width));
    const isTight = !own
      .slice(
        0,
        own.findLastIndex((line) => line.trim() !== ''),
      )
      .some((line) => line.trim() === '');
    return isTight ? this.html(own).replace(/^<p>(.*?)<\/p>\n/s, '$1') : this.html(own);
  }

  #paragraph(lines: readonly string[]): Block {
    const end = lines.findIndex((line, index) => index > 0 && blocks.some(({ begins }) => endsParagraph(begins, line)));
    const own = lines.slice(0, end < 0 ? lines.length : end);
    return { html: `<p>${this.#inline(own.map((line) => line.trim()).join('\n'))}</p>\n`, lines: own.length };
  }

  #inline(text: string): string {
    return inlineHtml(text, this.#document);
  }
}

/** A number that begins a line of a paragraph begins no list, unless it is 1. */
function endsParagraph(begins: RegExp, line: string): boolean {
  if (begins === LIST) return /^(?:[-*]|1\.) /.test(line);
  return begins.test(line) && !/^(?:<| {4})/.test(line);
}

/** The lines of the first item: those indented as far as its text, and blank ones between. */
function itemLines(lines: readonly string[], width: number): readonly string[] {
  const indent = ' '.repeat(width);
  const end = lines.findIndex((line, index) => {
    if (index === 0) return false;
    if (line.trim() !== '') return !line.startsWith(indent);
    const next = lines.slice(index).find((each) => each.trim() !== '');
    return next === undefined || !next.startsWith(indent);
  });
  if (end < 0) return lines;
  // A blank line between two items is part of the list.
  const after = lines.slice(end).findIndex((line) => line.trim() !== '');
  return after > 0 && LIST.test(lines[end + after] ?? '') ? lines.slice(0, end + after) : lines.slice(0, end);
}
