import { escapeMarkup } from './escape.ts';

/** Text that is markup already; any other is escaped where it is put into markup. */
export interface Markup {
  readonly kind: 'markup';
  readonly text: string;
}

/** What a template may hold. */
export type Content = string | number | Markup | readonly Markup[];

/** Takes a text of the program's own for markup. */
export function markup(text: string): Markup {
  return { kind: 'markup', text };
}

/** A template of HTML or SVG in which every string that is put in is escaped, for text and for quoted attributes. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return markup(strings.map((text, index) => text + write(contents[index] ?? '')).join(''));
}

function write(content: Content): string {
  if (typeof content === 'string') return escapeMarkup(content);
  if (typeof content === 'number') return String(content);
  return 'kind' in content ? content.text : content.map(({ text }) => text).join('');
}
