import { readFileSync } from 'node:fs';
import { anchorsOf, replaceRuleAnchors, targetOf } from '../links.ts';
import type { MarkdownIt, Token } from './packages.ts';
import type { Article } from './page.ts';

const root = new URL('../../../', import.meta.url);

/** The id of a document or of a heading in it: no two documents share one. */
function idOf(path: string, anchor = ''): string {
  const document = path.replace(/\.md$/, '').replace(/[^\w]+/g, '-');
  return anchor === '' ? document : `${document}--${anchor}`;
}

/**
 * Rewrites an address for the page: what the page has is a fragment, other files of the project are
 * reached from `site/`, others stay.
 */
function addressOnPage(from: string, address: string, documents: readonly string[]): string {
  const target = targetOf(from, address);
  if (target === undefined) return address;
  if (documents.includes(target.path)) return `#${idOf(target.path, target.anchor)}`;
  return `../${target.path}`;
}

/** The media types of pictures by the ends of their names. */
const IMAGE_TYPES: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml', '.png': 'image/png' };

/** A picture of the project as an address that holds it: the page then needs no other file. */
function inlined(from: string, address: string): string {
  const target = targetOf(from, address);
  const type = IMAGE_TYPES[/\.\w+$/.exec(target?.path ?? '')?.[0] ?? ''];
  if (target === undefined || type === undefined) return address;
  return `data:${type};base64,${readFileSync(new URL(target.path, root)).toString('base64')}`;
}

/** All tokens, those within others too. */
function* allTokens(tokens: readonly Token[]): Generator<Token> {
  for (const token of tokens) {
    yield token;
    if (token.children !== null) yield* allTokens(token.children);
  }
}

/**
 * Renders a document for the page.
 *
 * @param path from the root of the project
 * @param text its markdown
 * @param documents the paths of all documents on the page
 * @param Markdown the class that markdown-it exports
 * @throws Error if the anchors of its headings cannot be told
 */
export function articleOf(path: string, text: string, documents: readonly string[], Markdown: MarkdownIt): Article {
  const markdown = new Markdown({ html: true, linkify: false });
  const withIds = replaceRuleAnchors(text, ({ id, shown }) => {
    const onPage = idOf(path, id);
    return `<a class="rule" id="${onPage}" href="#${onPage}">${shown}</a>`;
  });
  const tokens = markdown.parse(withIds, {});
  const anchors = anchorsOf(text);
  const headings: { id: string; text: string }[] = [];
  let seen = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.type !== 'heading_open') continue;
    const id = idOf(path, anchors[seen++]);
    token.attrSet('id', id);
    const title = tokens[index + 1]?.children?.map(({ content }) => content).join('') ?? '';
    if (token.tag === 'h2') headings.push({ id, text: title });
  }
  if (seen !== anchors.length) throw new Error(`${path} has ${seen} headings, and ${anchors.length} by links.ts`);
  for (const token of allTokens(tokens)) {
    const href = token.attrGet('href');
    if (href !== null) token.attrSet('href', addressOnPage(path, href, documents));
    const source = token.attrGet('src');
    if (source !== null) token.attrSet('src', inlined(path, source));
  }
  return { id: idOf(path), title: path, headings, html: markdown.renderer.render(tokens, markdown.options, {}) };
}
