import { type FieldsOf, type FieldTable, struct } from '../../json/declare.ts';
import { refuseNodeType } from '../../json/text/decode-refusal.ts';
import type { WireType } from '../../json/type.ts';

/**
 * Declares a struct that is written as an object only. Serde also reads an array of the fields;
 * files of vectors and answers of drivers have no such form.
 *
 * @param name the name of the struct.
 */
/* @__NO_SIDE_EFFECTS__ */
export function objectForm<const Fields extends FieldTable>(name: string, fields: Fields): WireType<FieldsOf<Fields>> {
  const declared = struct(name, fields);
  const { decode } = declared;
  return {
    ...declared,
    decode: (node, rules) =>
      node.kind === 'object' ? decode(node, rules) : refuseNodeType(node, 'object', 'an object'),
  };
}
