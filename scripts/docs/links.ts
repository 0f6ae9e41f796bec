import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

const root = new URL('../../', import.meta.url);

/** Documents at the root of the project, in the order in which they are rendered. */
const TOP = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'TELEMETRY.md',
  'RATIONALE.md',
  'CONTRIBUTING.md',
  'RELEASING.md',
];
const OTHERS = [
  'abi/PROTOCOL.md',
  'abi/KERNEL.md',
  'abi/schemas/README.md',
  'abi/vectors/README.md',
  'fixtures/README.md',
  'templates/README.md',
  'examples/edge/README.md',
  'examples/gateway/README.md',
  'examples/host-in-go/README.md',
  'examples/host-in-python/README.md',
];

/**
 * Lists the documents that are rendered: their paths from the root of the project.
 *
 * @returns README first, then `docs/`, then `abi/` and the rest
 */
export function documentPaths(): string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(new URL(`${folder}/`, root))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`)
      .sort();
  const [readme = '', ...top] = TOP;
  return [...new Set([readme, ...inFolder('docs'), ...OTHERS, ...inFolder('abi'), ...top])];
}

/** Empties the lines of fenced blocks, so that all others keep their numbers. */
function withoutFences(text: string): string {
  return text.replace(/^( *)(```|~~~).*\n[\s\S]*?^\1\2.*$/gm, (fenced) => fenced.replace(/[^\n]/g, ''));
}

/**
 * Makes the anchor of a heading as GitHub does: lower case, without punctuation, dashes for spaces.
 *
 * @param heading its text, without formatting
 */
export function slugOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** The text of a heading as it is shown: links and formatting leave their words. */
function plainText(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/\\(.)/g, '$1');
}

/**
 * Lists the anchors of the headings of a document, in their order. The second heading of the same
 * text gets `-1`, the third `-2`.
 *
 * @param text the document
 */
export function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutFences(text).matchAll(/^#{1,6} +(.*?)(?: +#+)?$/gm)].map(([, heading = '']) => {
    const slug = slugOf(plainText(heading));
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

/** The anchor of a rule of the contract, as a document has it: its name, and the name as shown. */
const RULE = /<a id="([^"]+)">(.*?)<\/a>/g;

/** The anchor of a rule. */
export interface RuleAnchor {
  /** Such as `H-4.2`. */
  readonly id: string;
  /** Such as `[H-4.2]`. */
  readonly shown: string;
}

/**
 * Lists the anchors of the rules that a document states, in their order.
 *
 * @param text the document
 */
export function ruleAnchorsOf(text: string): RuleAnchor[] {
  return [...withoutFences(text).matchAll(RULE)].map(([, id = '', shown = '']) => ({ id, shown }));
}

/**
 * Replaces the anchors of rules in a document.
 *
 * @param text the document
 * @param write makes what replaces an anchor
 */
export function replaceRuleAnchors(text: string, write: (anchor: RuleAnchor) => string): string {
  return text.replace(RULE, (_, id: string, shown: string) => write({ id, shown }));
}

/** A link or the address of a picture, and the line that it stands in, from 1. */
export interface Link {
  readonly address: string;
  readonly line: number;
}

/**
 * Lists the links and pictures of a document.
 *
 * @param text the document
 */
export function linksOf(text: string): Link[] {
  const shown = withoutFences(text).replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ' '));
  return shown.split('\n').flatMap((content, index) => {
    const inline = [...content.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)];
    const defined = [...content.matchAll(/^ {0,3}\[[^\]]+\]: +<?(\S+?)>?$/g)];
    return [...inline, ...defined].map(([, address = '']) => ({ address, line: index + 1 }));
  });
}

/** Where a relative link leads: a path from the root of the project, and an anchor in it. */
export interface Target {
  readonly path: string;
  readonly anchor: string;
}

/**
 * Resolves a link.
 *
 * @param from the document's path from the root of the project
 * @param address as the document has it
 * @returns undefined if the link leads out of the project
 */
export function targetOf(from: string, address: string): Target | undefined {
  if (/^[a-z][a-z\d+.-]*:/i.test(address)) return undefined;
  const [path = '', anchor = ''] = address.split('#', 2).map(decodeURIComponent);
  return { path: path === '' ? from : posix.join(posix.dirname(from), path), anchor };
}

/**
 * Finds the links of a document that lead nowhere: to no file or folder, or to no heading.
 *
 * @param path the document's path from the root of the project
 * @param text the document
 * @returns one line for each: where it stands, and what it lacks
 */
export function brokenLinks(path: string, text: string): string[] {
  return linksOf(text).flatMap(({ address, line }) => {
    const target = targetOf(path, address);
    if (target === undefined) return [];
    const file = new URL(target.path, root);
    if (!existsSync(file)) return `${path}:${line}: ${address}: there is no ${target.path}`;
    if (target.anchor === '' || !target.path.endsWith('.md')) return [];
    const document = readFileSync(file, 'utf8');
    if (anchorsOf(document).includes(target.anchor)) return [];
    if (ruleAnchorsOf(document).some(({ id }) => id === target.anchor)) return [];
    return `${path}:${line}: ${address}: ${target.path} has no heading #${target.anchor}`;
  });
}
