// A declaration of src/wire as JSON Schema, draft 2020-12. What a schema cannot say, or does not,
// stands in abi/schemas/README.md.
import { base64 } from '../../src/hooks/json-form.ts';
import type { Declaration, Field, TaggedUnionDeclaration, Variant } from '../../src/protocol/messages/index.ts';

/** A schema; integers that a double cannot hold are `bigint`. */
export type Schema = boolean | { readonly [keyword: string]: SchemaPart };
type SchemaPart = Schema | null | string | number | bigint | readonly SchemaPart[];
type Keywords = Exclude<Schema, boolean>;

/** The description of a type, and of its fields by their names. */
export interface Description {
  readonly text: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** The descriptions of types. */
export type Descriptions = ReadonlyMap<Declaration, Description>;

/**
 * The schema of a type: its own keywords, and under `$defs` each type with a name that it uses, so
 * that it needs no other file.
 *
 * @param special the keywords of types that their declarations do not describe.
 */
export function schemaOf(type: Declaration, descriptions: Descriptions, special: Special = BYTES): Keywords {
  const walk = new Walk(descriptions, special);
  const root = walk.inline(type);
  const defs = Object.fromEntries(
    [...walk.defs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, { schema }]) => [name, schema]),
  );
  return walk.defs.size === 0 ? root : { ...root, $defs: defs };
}

/** Bytes: base64 with padding, in which bits that stand for nothing are 0. */
const BASE64 = {
  type: 'string',
  contentEncoding: 'base64',
  pattern: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$',
};

/** Types whose declaration does not say how they are written, with their keywords. */
export type Special = ReadonlyMap<Declaration, Keywords>;

const BYTES: Special = new Map([[base64, BASE64]]);

const SET = 'A set: written sorted by UTF-8 bytes; when it is read, repeats collapse.';

type Writers = { readonly [Kind in Declaration['kind']]: (type: Extract<Declaration, { kind: Kind }>) => Keywords };

class Walk {
  /** The named types that the walk has met, but the one that it began with. */
  readonly defs = new Map<string, { readonly type: Declaration; schema: Keywords }>();
  readonly #descriptions: Descriptions;
  readonly #special: Special;

  readonly #writers: Writers = {
    string: () => ({ type: 'string' }),
    bool: () => ({ type: 'boolean' }),
    integer: ({ minimum, maximum }) => ({ type: 'integer', minimum, maximum }),
    float: () => ({ type: 'number' }),
    stringEnum: ({ values }) => ({ type: 'string', enum: values }),
    struct: (type) => ({ ...this.#object(type, type.fields), additionalProperties: false }),
    taggedUnion: (type) => this.#union(type),
    list: ({ of }) => ({ type: 'array', items: this.of(of) }),
    fixedArray: ({ of, length }) => ({ type: 'array', items: this.of(of), minItems: length, maxItems: length }),
    map: ({ of }) => ({ type: 'object', additionalProperties: this.of(of) }),
    set: () => ({ description: SET, type: 'array', items: { type: 'string' } }),
    option: ({ of }) => orNull(this.of(of)),
    opaque: () => ({}),
    opaqueObject: () => ({ type: 'object' }),
  };

  constructor(descriptions: Descriptions, special: Special) {
    this.#descriptions = descriptions;
    this.#special = special;
  }

  /** The schema of a type where it is used: a reference when it has a name. */
  of(type: Declaration): Keywords {
    if (!('name' in type) || type.kind === 'integer' || type.kind === 'float') return this.inline(type);
    const known = this.defs.get(type.name);
    if (known !== undefined && known.type !== type)
      throw new Error(`two types of one schema have the name ${type.name}`);
    if (known === undefined) {
      const def = { type, schema: {} };
      this.defs.set(type.name, def);
      def.schema = this.inline(type);
    }
    return { $ref: `#/$defs/${type.name}` };
  }

  /** The keywords of a type themselves. */
  inline(type: Declaration): Keywords {
    // The writer is the one for this declaration's kind, which the compiler cannot follow through
    // the table.
    const keywords = this.#special.get(type) ?? this.#writers[type.kind](type as never);
    const description = this.#descriptions.get(type)?.text;
    return description === undefined ? keywords : { description, ...keywords };
  }

  #union(union: TaggedUnionDeclaration): Keywords {
    const [first, ...others] = union.variants.map((variant) => this.#variant(union, variant));
    return first !== undefined && others.length === 0 ? first : { oneOf: [first ?? false, ...others] };
  }

  #variant(union: TaggedUnionDeclaration, { name, fields }: Variant): Keywords {
    const object = this.#object(union, fields ?? [], { [union.tag]: { const: name } });
    // A variant that carries nothing ignores what stands beside its tag.
    return fields === null ? object : { ...object, additionalProperties: false };
  }

  #object(owner: Declaration, fields: readonly Field[], tag: Readonly<Record<string, Keywords>> = {}): Keywords {
    const required = fields.filter(({ whenMissing }) => whenMissing === 'refused').map(({ name }) => name);
    const properties = fields.map((field) => [field.name, this.#property(owner, field)] as const);
    return {
      type: 'object',
      properties: { ...tag, ...Object.fromEntries(properties) },
      required: [...Object.keys(tag), ...required],
    };
  }

  #property(owner: Declaration, { name, type, whenMissing }: Field): Keywords {
    const description = this.#descriptions.get(owner)?.fields.get(name);
    const schema = description === undefined ? this.of(type) : { description, ...this.of(type) };
    if (whenMissing === 'refused') return schema;
    return { ...schema, default: whenMissing === 'empty' ? emptyValue(type) : null };
  }
}

/** What a field is that is empty when it is missing. */
function emptyValue({ kind }: Declaration): SchemaPart {
  return kind === 'string' ? '' : kind === 'map' ? {} : [];
}

/** The schema given, or null. */
function orNull(schema: Keywords): Keywords {
  const { type } = schema;
  return typeof type === 'string' ? { ...schema, type: [type, 'null'] } : { anyOf: [schema, { type: 'null' }] };
}
