// Where the schemas under abi/schemas/ and the codec differ, as abi/schemas/README.md says: each
// way in which they do is looked for here.
import type { Declaration, Field } from '../../src/protocol/messages/index.ts';

/**
 * Numbers whose token a validator does not see or that it rounds, and escapes that it takes for
 * text.
 */
export function hasUnseenNumberOrEscape(text: string): boolean {
  const isInteger = /(?<![\w."])-?\d+(?:\.0+|(?:\.\d+)?[eE][+-]?\d+)(?![\w.])/;
  return (
    isInteger.test(text) || /(?<![\w.])-0(?![\d.])/.test(text) || /\d{16}/.test(text) || /\\u[dD][89a-fA-F]/.test(text)
  );
}

/**
 * Whether a value has somewhere a form of its type that is read but never written, which the
 * schemas leave out.
 */
export function hasOtherForm(type: Declaration, value: unknown): boolean {
  switch (type.kind) {
    case 'struct':
      return Array.isArray(value) || inFields(type.fields, value);
    case 'taggedUnion': {
      if (Array.isArray(value)) return true;
      const tag = property(value, type.tag);
      return (
        typeof tag === 'number' ||
        type.variants.some(({ name, fields }) => name === tag && inFields(fields ?? [], value))
      );
    }
    case 'stringEnum':
      return typeof value === 'object';
    case 'list':
    case 'fixedArray':
    case 'map':
      return (
        typeof value === 'object' && value !== null && Object.values(value).some((item) => hasOtherForm(type.of, item))
      );
    case 'option':
      return value !== null && hasOtherForm(type.of, value);
    default:
      return false;
  }
}

function inFields(fields: readonly Field[], value: unknown): boolean {
  return fields.some(({ name, type }) => hasOtherForm(type, property(value, name)));
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
