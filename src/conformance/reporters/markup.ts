const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes the special characters of HTML and XML, for text and for quoted attributes. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Text that is already markup. {@link html} escapes every other string. */
export interface Markup {
  readonly kind: 'markup';
  readonly text: string;
}

/** What a template may hold. */
export type Content = string | number | Markup | readonly Markup[];

/** Marks a text as markup. Only for texts of this package: nothing escapes it later. */
export function markup(text: string): Markup {
  return { kind: 'markup', text };
}

/**
 * Template tag for HTML and SVG. Escapes every string that is put in, for text and for quoted
 * attributes.
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return markup(strings.map((text, index) => text + write(contents[index] ?? '')).join(''));
}

function write(content: Content): string {
  if (typeof content === 'string') return escapeMarkup(content);
  if (typeof content === 'number') return String(content);
  return 'kind' in content ? content.text : content.map(({ text }) => text).join('');
}
