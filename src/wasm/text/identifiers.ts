import { escapeUnprintable } from '../../printable.ts';

/** A text of these characters alone is an identifier as it stands (specification 6.3.5). */
const IDENTIFIER_CHARACTERS = /^[\w!#$%&'*+\-./:<=>?@\\^`|~]+$/;

/**
 * Writes a name as an identifier of the text format: `$name`, or `$"a name"` when it has other
 * characters than the short form may have. What a page or terminal would act upon is escaped.
 *
 * @param name any text but the empty one, which the format has no identifier for.
 * @returns the identifier.
 */
export function identifier(name: string): string {
  return IDENTIFIER_CHARACTERS.test(name) ? `$${name}` : `$${quoted(name)}`;
}

/**
 * Writes a string of the text format (specification 6.3.3, "Strings").
 *
 * @returns the text between double quotes, with quotes, backslashes and everything unprintable
 * escaped.
 */
export function quoted(text: string): string {
  return `"${escapeUnprintable(text.replace(/["\\]/g, '\\$&'))}"`;
}
