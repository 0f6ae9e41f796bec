import { readFileSync } from 'node:fs';
import { documentHtml } from './markdown.ts';

const root = new URL('../../', import.meta.url);

/**
 * The documents that can be read on the page, in the order of its list: those whose rules the
 * checks name. No check names a rule of abi/KERNEL.md, which would be a fifteenth of the page.
 */
export const RULE_DOCUMENTS = ['abi/PROTOCOL.md', 'abi/HOOKS.md'] as const;

/** A document as the page holds it. */
export interface RenderedDocument {
  readonly path: string;
  readonly html: string;
}

/** Renders the documents of the contract. */
export function renderRules(): RenderedDocument[] {
  return RULE_DOCUMENTS.map((path) => {
    const text = readFileSync(new URL(path, root), 'utf8');
    return { path, html: documentHtml(text, { path, documents: RULE_DOCUMENTS }) };
  });
}
