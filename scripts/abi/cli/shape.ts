// Builds JSON Schemas of the documents of the command line. The compiler compares the fields of an
// object with those of its TypeScript type; a test validates real documents.
import type { Declaration } from '../../../src/protocol/messages/index.ts';
import { type Descriptions, type Schema, schemaOf } from '../schema-of.ts';
import type { Comments } from './comments.ts';

/** A schema that is an object of keywords. */
export type Shape = Exclude<Schema, boolean>;

/** The schema of a field that can be missing. */
export interface Optional {
  readonly optional: Shape;
}

/** A schema for each field of a type: {@link Optional} if and only if the type says `?`. */
export type Fields<T> = { readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? Optional : Shape };

/** Any text. */
export const text: Shape = { type: 'string' };
/** True or false. */
export const flag: Shape = { type: 'boolean' };
/** A whole number, 0 or more. */
export const count: Shape = { type: 'integer', minimum: 0 };
/** Milliseconds. */
export const time: Shape = { type: 'number', minimum: 0 };
/** Anything: another document says what. */
export const anything = (description: string): Shape => ({ description });

/** A text or number that is always the same. */
export const constant = (value: string | number): Shape => ({ const: value });
/** An array of any length. */
export const list = (items: Shape): Shape => ({ type: 'array', items });
/** An object whose names are data. */
export const map = (values: Shape): Shape => ({ type: 'object', additionalProperties: values });
/** A field that can be missing. */
export const optional = (shape: Shape): Optional => ({ optional: shape });
/** A value, or null where there is none. */
export const orNull = (shape: Shape): Shape => ({ anyOf: [shape, { type: 'null' }] });
/** A value of exactly one of these shapes. */
export const oneOf = (...shapes: readonly Shape[]): Shape => ({ oneOf: shapes });

/** One of some texts. The compiler checks that these are all that the type has. */
export function texts<T extends string>(names: Readonly<Record<T, true>>): Shape {
  return { type: 'string', enum: Object.keys(names) };
}

/** The types of the documents, each under a name. */
export class Definitions {
  readonly #shapes = new Map<string, Shape>();
  readonly #comments: Comments;
  readonly #descriptions: Descriptions;

  /**
   * @param comments of the TypeScript types.
   * @param descriptions of the wire types.
   */
  constructor(comments: Comments, descriptions: Descriptions) {
    this.#comments = comments;
    this.#descriptions = descriptions;
  }

  /**
   * Defines an object: all its fields, and no others.
   *
   * @param name of the definition, and of the TypeScript type whose comments it repeats.
   * @param bases the types that have the comments of other fields.
   */
  object<T extends object>(name: string, fields: Fields<T>, ...bases: readonly string[]): Shape {
    const sources = [name, ...bases].flatMap((source) => this.#comments.get(source) ?? []);
    const entries = Object.entries<Optional | Shape>(fields);
    const properties = entries.map(([field, given]) => {
      const description = sources.find(({ fields: known }) => known.has(field))?.fields.get(field);
      return [field, { ...(description && { description }), ...shapeOf(given) }] as const;
    });
    const description = sources[0]?.text;
    return this.#define(name, {
      ...(description && { description }),
      type: 'object',
      properties: Object.fromEntries(properties),
      required: entries.filter(([, given]) => !isOptional(given)).map(([field]) => field),
      additionalProperties: false,
    });
  }

  /** Defines a type of the wire, with the types that it uses. */
  wire(type: Declaration): Shape {
    if (!('name' in type)) throw new Error(`a ${type.kind} has no name`);
    const { $defs = {}, ...shape } = schemaOf(type, this.#descriptions);
    // The cast: `$defs` holds the schemas of named types, which are objects.
    for (const [name, def] of Object.entries($defs as Readonly<Record<string, Shape>>)) this.#define(name, def);
    return this.#define(type.name, shape);
  }

  /** The schema of a document, with the definitions that it uses. */
  schema(name: string, title: string, shape: Shape): object {
    const used = new Map<string, Shape>();
    this.#collect(shape, used);
    return {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `urn:cc-lb-runtime-protocol:schema:cli:${name}`,
      title,
      ...shape,
      $defs: Object.fromEntries([...used].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }

  #define(name: string, shape: Shape): Shape {
    const known = this.#shapes.get(name);
    if (known !== undefined && JSON.stringify(known, exact) !== JSON.stringify(shape, exact))
      throw new Error(`two types have the name ${name}`);
    this.#shapes.set(name, shape);
    return { $ref: `#/$defs/${name}` };
  }

  #collect(value: unknown, used: Map<string, Shape>): void {
    if (typeof value !== 'object' || value === null) return;
    const reference = '$ref' in value ? String(value.$ref).slice('#/$defs/'.length) : undefined;
    if (reference !== undefined && !used.has(reference)) {
      const shape = this.#shapes.get(reference);
      if (shape === undefined) throw new Error(`no type is named ${reference}`);
      used.set(reference, shape);
      this.#collect(shape, used);
    }
    for (const part of Object.values(value)) this.#collect(part, used);
  }
}

function isOptional(given: Optional | Shape): given is Optional {
  return 'optional' in given;
}

function shapeOf(given: Optional | Shape): Shape {
  return isOptional(given) ? given.optional : given;
}

const exact = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
