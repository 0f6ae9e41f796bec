// The hook ABI as data: abi/hooks.json, made from the declarations in src/hooks.
import { layOut, layOutVariant, layoutOf, type PlacedField } from '../../src/hooks/archive/layout.ts';
import type { ArchiveDeclaration, EnumDeclaration, StructDeclaration } from '../../src/hooks/archive/type.ts';
import { settleLimits } from '../../src/hooks/budget.ts';
import type { RefusedFeature } from '../../src/hooks/features.ts';
import { descriptorOf, fingerprintOf } from '../../src/hooks/fingerprint.ts';
import { type Hook, hooks, hooksOfSlot, responseHooks } from '../../src/hooks/hook.ts';
import { ARCHIVE_MAX_BYTES, encodeArchive } from '../../src/hooks/index.ts';
import {
  hookMetadata,
  METADATA_SECTION_NAME,
  type MetadataViolation,
  pluginMetadata,
} from '../../src/hooks/metadata.ts';
import { REQUEST_ALIGN } from '../../src/hooks/plugin.ts';
import { SIGNATURES } from '../../src/hooks/signatures.ts';
import type { Declaration } from '../../src/json/type.ts';

/** The name of a type, or what it is made of. */
type TypeName = string | { readonly option: TypeName } | { readonly list: TypeName };

/** A type that has a name of its own. */
export type NamedType = StructDeclaration | EnumDeclaration;

function nameOf(type: ArchiveDeclaration): TypeName {
  switch (type.kind) {
    case 'string':
      return 'text';
    case 'bytes':
      return 'bytes';
    case 'option':
      return { option: nameOf(type.of) };
    case 'list':
      return { list: nameOf(type.of) };
    default:
      return type.name;
  }
}

/** Returns the structs and enums of all messages, each after the types of its fields. */
export function namedTypes(): readonly NamedType[] {
  const found = new Set<NamedType>();
  const visit = (type: ArchiveDeclaration): void => {
    if (type.kind === 'option' || type.kind === 'list') visit(type.of);
    if (type.kind !== 'struct' && type.kind !== 'enum') return;
    const fields = type.kind === 'struct' ? type.fields : type.variants.flatMap((variant) => variant.fields);
    for (const field of fields) visit(field.type);
    found.add(type);
  };
  for (const { request, response } of hooks) for (const type of [request, response]) visit(type);
  return [...found];
}

const placed = (fields: readonly PlacedField[]): readonly object[] =>
  fields.map(({ name, type, offset }) => ({ name, type: nameOf(type), offset }));

function described(type: NamedType): object {
  const { name, kind } = type;
  const descriptor = descriptorOf(type);
  const contents =
    type.kind === 'struct'
      ? { fields: placed(layOut(type.fields).fields) }
      : {
          variants: type.variants.map((variant, tag) => ({
            name: variant.name,
            tag,
            fields: placed(layOutVariant(variant.fields).fields),
          })),
        };
  return { name, kind, ...layoutOf(type), ...contents, descriptor, fingerprint: hex(fingerprintOf(descriptor)) };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function describedHook(hook: Hook): object {
  const { name, exportName, schemaSection, wireVersion, request, response } = hook;
  return {
    name,
    export: exportName,
    ...SIGNATURES.hook,
    schema_section: schemaSection,
    wire_versions: [wireVersion],
    modes: responseHooks.includes(name) ? ['active', 'noop'] : ['active'],
    request: nameOf(request),
    response: nameOf(response),
    fingerprint: hex(hook.fingerprint()),
    probe_base64: Buffer.from(encodeArchive(request, hook.sample())).toString('base64'),
  };
}

/** The rules of metadata, in the order in which they are checked. */
const metadataRules: Readonly<Record<MetadataViolation['kind'], string>> = {
  MissingName: 'name is not blank',
  MissingVersion: 'version is not blank',
  MissingDescription: 'description is not blank',
  MissingUsage: 'usage is not blank',
  NoHooksDeclared: 'hooks has at least one entry',
  UnknownHook: 'each key of hooks is the name of a hook',
  HookMissingDescription: 'the description of each hook is not blank',
  HookMissingUsage: 'the usage of each hook is not blank',
};

/** The type of a field of metadata. They have no other kinds. */
function jsonType(type: Declaration): unknown {
  if (type.kind === 'string') return 'string';
  if (type.kind === 'stringEnum') return { enum: type.values };
  if (type.kind === 'map') return { map: jsonType(type.of) };
  if ('name' in type) return type.name;
  throw new Error(`no name for a field of the kind ${type.kind}`);
}

const metadataTypes = [pluginMetadata, hookMetadata].map((type) => {
  if (type.kind !== 'struct') throw new Error(`metadata must be a struct, not ${type.kind}`);
  const fields = type.fields.map((field) => ({
    name: field.name,
    type: jsonType(field.type),
    required: field.whenMissing === 'refused',
  }));
  return { name: type.name, fields };
});

/** What a module may not use, and what that is. */
const refusedFeatures: Readonly<Record<RefusedFeature, string>> = {
  threads: 'shared memories and tables, atomic instructions',
  memory64: 'memories and tables with 64-bit addresses',
  'multi-memory': 'a second memory; the index of a memory in an instruction, even 0',
  'function references': 'types of references to typed functions, and their instructions; initial values of tables',
  'garbage collection':
    "structs, arrays and i31, recursive types, and global.get of the module's own globals in constant expressions",
  exceptions: 'tags, and the instructions of both proposals',
  'tail calls': 'return_call, return_call_indirect, return_call_ref',
  'relaxed SIMD': 'the instructions of that proposal',
};

const { call, probe, memoryMaxPages, tableMaxEntries, stackSlots } = settleLimits({});

/** What abi/hooks.json holds. */
export const hooksAbi: object = {
  metadata: {
    section: METADATA_SECTION_NAME,
    types: metadataTypes,
    rules: Object.entries(metadataRules).map(([kind, meaning]) => ({ kind, meaning })),
  },
  exports: [
    { name: 'memory', kind: 'memory' },
    { name: 'cc_lb_alloc', kind: 'function', ...SIGNATURES.cc_lb_alloc },
    { name: 'cc_lb_free', kind: 'function', ...SIGNATURES.cc_lb_free },
  ],
  slots: hooksOfSlot,
  hooks: hooks.map(describedHook),
  types: namedTypes().map(described),
  refused_features: Object.entries(refusedFeatures).map(([name, meaning]) => ({ name, meaning })),
  limits: {
    archive_max_bytes: ARCHIVE_MAX_BYTES,
    request_align: REQUEST_ALIGN,
    call: { fuel: call.fuel, wall_ms: call.wallMs },
    probe: { fuel: probe.fuel, wall_ms: probe.wallMs },
    memory_max_pages: memoryMaxPages,
    table_max_entries: tableMaxEntries,
    stack_slots: stackSlots,
  },
};
