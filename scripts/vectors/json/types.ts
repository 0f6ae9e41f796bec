import type { WrittenVector } from '../layer-vectors.ts';
import { type Case, jsonVectors } from './case.ts';
import { type FieldCase, structTypes, type TypeCase, unionKinds } from './type-cases.ts';

/*
 * The tables of types, one field after another: their names, order, types, and whether they may be
 * missing.
 */

/** A field of a text: its name, and its value as JSON. */
type Member = readonly [name: string, value: string];

const object = (members: readonly Member[]): string =>
  `{${members.map(([name, value]) => `"${name}":${value}`).join(',')}}`;

/** The vectors of a type, or of a kind of a union, whose object begins with `tag`. */
function ofType({ rule, type, fields, kind }: TypeCase): readonly WrittenVector[] {
  const tag: readonly Member[] = kind === undefined ? [] : [['kind', `"${kind}"`]];
  const members = fields.map(([name, good]): Member => [name, good]);
  const whole = object([...tag, ...members]);
  const elements = [...tag, ...members].map(([, value]) => value);
  const without = (name: string): readonly Member[] => [...tag, ...members.filter(([other]) => other !== name)];
  const withValue = (name: string, value: string): readonly Member[] => [
    ...tag,
    ...members.map(([other, good]): Member => [other, other === name ? value : good]),
  ];
  const id = kind === undefined ? type : `${type}-${kind}`;
  const reversed: Case = ['reversed', object([...tag, ...members].toReversed()), whole];
  const cases: Case[] = [
    ['object', whole, whole],
    ...(elements.length < 2 ? [] : [reversed]),
    ['array', `[${elements.join(',')}]`, whole],
    ['long-array', `[${[...elements, 'null'].join(',')}]`, null],
    ['undeclared', object([...tag, ...members, ['undeclared', 'null']]), null],
    ...fields.map((field): Case => [`without-${field[0]}`, object(without(field[0])), whenMissing(field)]),
    ...fields.flatMap(([name, , bad]): Case[] =>
      bad === undefined ? [] : [[`wrong-${name}`, object(withValue(name, bad)), null]],
    ),
  ];
  // Responses are decoded through a generic value, everything else straight into the type.
  const way = type.endsWith('Response') && type.startsWith('v') ? 'value' : 'direct';
  return jsonVectors({ rule, type, id, ways: [way] }, cases);

  function whenMissing([name, , , missing]: FieldCase): string | null {
    if (missing === undefined) return null;
    return missing === 'skipped' ? object(without(name)) : object(withValue(name, missing));
  }
}

/** The fields of all types. */
export const typeVectors: readonly WrittenVector[] = [...structTypes, ...unionKinds].flatMap(ofType);
