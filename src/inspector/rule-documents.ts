/** A document of the contract, or a part of one, which the build rendered into the page. */
export interface RuleDocument {
  /** Its path in the project: `abi/PROTOCOL.md`. */
  readonly path: string;
  readonly content: DocumentFragment;
}

/** Reads the documents from the templates of a page. */
export function readRuleDocuments(page: Document): readonly RuleDocument[] {
  return [...page.querySelectorAll<HTMLTemplateElement>('template[data-document]')].map((template) => ({
    path: template.dataset.document ?? '',
    content: template.content,
  }));
}

/** Parts the reference of a check: `abi/PROTOCOL.md#L-1` is the rule L-1 of that document. */
export function ruleOf(reference: string): { readonly path: string; readonly anchor: string } {
  const at = reference.indexOf('#');
  return at < 0 ? { path: reference, anchor: '' } : { path: reference.slice(0, at), anchor: reference.slice(at + 1) };
}
