import { escaped } from '../docs/html/page.ts';
import { targetOf } from '../docs/links.ts';

/** A document of the page. */
export interface PageDocument {
  /** Its path from the root of the project: `abi/HOOKS.md`. */
  readonly path: string;
  /** The paths of all documents on the page. Only links to these are links there. */
  readonly documents: readonly string[];
}

/** A kind of text within a paragraph: how it looks in Markdown, and as HTML. */
interface InlineRule {
  readonly pattern: RegExp;
  readonly write: (groups: readonly string[], document: PageDocument) => string;
}

/** Tried in this order at each place. What none of them knows is text. */
const rules: readonly InlineRule[] = [
  {
    pattern: /^(`+)(.+?)\1(?!`)/s,
    write: ([, code = '']) => `<code>${escaped(code.replaceAll('\n', ' ').replace(/^ (.*) $/, '$1'))}</code>`,
  },
  {
    pattern: /^<a id="([^"]+)">(.*?)<\/a>/,
    write: ([id = '', shown = '']) => `<a id="${escaped(id)}">${escaped(shown)}</a>`,
  },
  {
    // A page without pictures of its own has what they show.
    pattern: /^!\[([^\]]*)\]\(([^)]*)\)/,
    write: ([text = '']) => `<em>Picture: ${escaped(text.replaceAll('\n', ' '))}</em>`,
  },
  {
    pattern: /^\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/,
    write: ([text = '', address = ''], document) => {
      const shown = inlineHtml(text, document);
      const target = targetOf(document.path, address);
      if (target === undefined || !document.documents.includes(target.path)) return shown;
      const path = target.path === document.path ? '' : target.path;
      const anchor = target.anchor === '' ? '' : `#${target.anchor}`;
      return `<a href="${escaped(path + anchor)}">${shown}</a>`;
    },
  },
  {
    pattern: /^\*\*((?:[^*]|\*[^*]+\*)+)\*\*/,
    write: ([text = ''], document) => `<strong>${inlineHtml(text, document)}</strong>`,
  },
  {
    pattern: /^\*([^*\s](?:[^*]*[^*\s])?)\*/,
    write: ([text = ''], document) => `<em>${inlineHtml(text, document)}</em>`,
  },
  { pattern: /^\\([!-/:-@[-`{-~])/, write: ([character = '']) => escaped(character) },
];

/**
 * Writes the text of a paragraph, a heading or a cell as HTML. Anchors and links are short, as in
 * the document: `L-1`, `#L-1`, `abi/KERNEL.md#fuel`. The page makes links of its own of them.
 */
export function inlineHtml(source: string, document: PageDocument): string {
  let [html, rest] = ['', source];
  while (rest !== '') {
    const plain = /^[^`<![*\\]+/.exec(rest)?.[0] ?? '';
    html += escaped(plain);
    rest = rest.slice(plain.length);
    const found = rest === '' ? undefined : firstMatch(rest, document);
    html += found?.html ?? escaped(rest.slice(0, 1));
    rest = rest.slice(found?.length ?? 1);
  }
  return html;
}

function firstMatch(source: string, document: PageDocument): { html: string; length: number } | undefined {
  for (const { pattern, write } of rules) {
    const match = pattern.exec(source);
    if (match === null) continue;
    // The first rule's first group is its fence.
    const [whole, ...groups] = match;
    return { html: write(groups, document), length: whole.length };
  }
  return undefined;
}
