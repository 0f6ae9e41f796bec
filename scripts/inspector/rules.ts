import { readFileSync } from 'node:fs';
import { anchorsOf } from '../docs/links.ts';
import { documentHtml } from './markdown.ts';

const root = new URL('../../', import.meta.url);

/**
 * The documents that can be read on the page, in the order of its list: those whose rules the
 * checks name. No check names a rule of abi/KERNEL.md, which would be a fifteenth of the page.
 */
export const RULE_DOCUMENTS = ['abi/PROTOCOL.md', 'abi/HOOKS.md'] as const;

/** The document of which the page has a part, after the contract. */
export const RATIONALE = 'RATIONALE.md';

/** The part that explains what the page marks in code: the anchors of its sections. */
export const CHARGE_SECTIONS = [
  'fuel-the-cost-model',
  'where-do-charges-go-and-why-is-that-exact',
  'why-is-exhaustion-noticed-where-it-is',
  'where-is-the-counter',
  'slices-how-is-a-deadline-kept-without-a-thread',
  'why-is-there-an-account-for-time',
  'the-stack',
  'how-do-instances-share-a-heap-budget',
  'why-does-a-function-look-at-the-clock-when-it-is-first-entered',
  'what-do-exceptions-cost',
] as const;

/** A document as the page holds it. */
export interface RenderedDocument {
  readonly path: string;
  readonly html: string;
}

/** Renders the documents of the contract, and what explains the charges of metering. */
export function renderRules(): RenderedDocument[] {
  const contract = RULE_DOCUMENTS.map((path) => render(path, readDocument(path)));
  const sections = sectionsOf(readDocument(RATIONALE), CHARGE_SECTIONS);
  // Their headings are the highest here: a level that is left out is lost to who hears the page.
  return [...contract, render(RATIONALE, sections.replace(/^### /gm, '# '))];
}

function readDocument(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

function render(path: string, text: string): RenderedDocument {
  return { path, html: documentHtml(text, { path, documents: RULE_DOCUMENTS }) };
}

/**
 * Takes sections out of a document.
 *
 * @param anchors those of the headings of the sections.
 * @throws Error if the document has no such heading.
 */
export function sectionsOf(text: string, anchors: readonly string[]): string {
  const sections = new Map(text.split(/^(?=#{1,6} )/m).map((section) => [anchorsOf(section)[0], section]));
  return anchors
    .map((anchor) => {
      const section = sections.get(anchor);
      if (section === undefined) throw new Error(`no heading has the anchor ${anchor}`);
      return section;
    })
    .join('');
}
