import { script, scriptHash } from './html-script.ts';
import { styleHash, styleSheet } from './html-style.ts';
import { html, type Markup, markup } from './markup.ts';
import { visible } from './text.ts';

/** What a page says beside the reports. A reporter asks the system for nothing. */
export interface HtmlPageOptions {
  /** When the plugins were verified. Shown in UTC. */
  readonly date?: Date | undefined;
  /** The program that verified them, such as `cc-lb-plugin 0.2.0`. */
  readonly tool?: string | undefined;
  /**
   * Where the folder `abi/` with the rules is: an address that ends with a slash, to which
   * `abi/PROTOCOL.md#A-7` is appended. Without it, the page names the rules and has no links.
   */
  readonly documents?: string | undefined;
}

/** The parts of a page. */
interface PageParts {
  readonly title: string;
  readonly header: Markup;
  readonly main: Markup;
  readonly footer: Markup;
}

/** Only the style sheet and the script of this package apply, and nothing is loaded. */
const POLICY = [
  "default-src 'none'",
  `style-src '${styleHash}'`,
  `script-src '${scriptHash}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Writes a self-contained HTML document, which needs no network. */
export function pageOf({ title, header, main, footer }: PageParts): string {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${markup(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${markup(styleSheet)}</style>
</head>
<body>
<header>
${header}
</header>
<main>
${main}
</main>
<footer>
${footer}
</footer>
<script>${markup(script)}</script>
</body>
</html>
`;
  return document.text;
}

/** A fact as an entry of a `<dl>`; nothing if it is not known. */
export function fact(name: string, value: Markup | string | undefined): Markup {
  return value === undefined ? html`` : html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`;
}

/**
 * The facts of a page that its options give: when, and by which program.
 *
 * @throws RangeError if the date is invalid.
 */
export function optionFacts({ date, tool }: HtmlPageOptions): Markup {
  const when = date?.toISOString();
  const shown = when && html`<time datetime="${when}">${when.slice(0, 16).replace('T', ' ')} UTC</time>`;
  return html`${fact('Date', shown)}${fact('Tool', tool && visible(tool, 100))}`;
}

/** A reference to a document of `abi/`: a link, if the page knows where that is. */
export function referenceTo(reference: string, { documents }: HtmlPageOptions): Markup {
  return documents === undefined
    ? html`<span class="reference">${reference}</span>`
    : html`<a class="reference" href="${documents}${reference}">${reference}</a>`;
}

/** A text of a message, on one line, with what stands in backticks as code. */
export function withCode(text: string): Markup {
  const parts = visible(text).split('`');
  const isOdd = (index: number): boolean => index % 2 === 1;
  // A last backtick without its partner begins no code.
  return html`${parts.map((part, index) =>
    isOdd(index) && index < parts.length - 1 ? html`<code>${part}</code>` : html`${isOdd(index) ? '`' : ''}${part}`,
  )}`;
}

/** The most names that a list shows. */
const NAMES_SHOWN = 30;

/** Names of a plugin as a list; the others are counted. */
export function nameList(names: readonly string[], none: string): string {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => visible(name, 64));
  const more = names.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ') || none;
}
