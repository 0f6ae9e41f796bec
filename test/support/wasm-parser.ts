// @ts-expect-error the package carries no types; what is used of it is typed below.
import * as wasmParser from '@webassemblyjs/wasm-parser';

/** What another parser finds in a module. */
export interface ParsedModule {
  /** One text each, `env.load_u8 func (i64) -> (i32)`. */
  readonly imports: readonly string[];
  /** One text each, `run func 14`. */
  readonly exports: readonly string[];
  /** Function types, `(i64) -> (i32)`. */
  readonly types: readonly string[];
  /** Where each section's size stands, as that parser counts: one past the id. */
  readonly sectionOffsets: readonly number[];
}

interface Signature {
  readonly params: readonly { readonly valtype: string }[];
  readonly results: readonly string[];
}

/** The nodes of its tree that are looked at. */
interface Node {
  readonly type: string;
  readonly module: string;
  readonly name: string;
  readonly functype: Signature;
  readonly descr: {
    readonly type: string;
    readonly exportType: string;
    readonly id: { readonly value: number };
    readonly signature: Signature;
  };
}

interface Tree {
  readonly body: readonly [
    {
      readonly fields: readonly Node[];
      readonly metadata: { readonly sections: readonly { readonly startOffset: number }[] };
    },
  ];
}

const decode: (bytes: ArrayBuffer, options: Readonly<Record<string, boolean>>) => Tree =
  wasmParser.decode ?? wasmParser.default.decode;

const formatSignature = ({ params, results }: Signature): string =>
  `(${params.map(({ valtype }) => valtype).join(', ')}) -> (${results.join(', ')})`;

/**
 * Reads a module with `@webassemblyjs/wasm-parser`, without code and data. Throws if the parser
 * does. Of an import that is not a function only the kind is known.
 */
export function parseModule(bytes: Uint8Array): ParsedModule {
  const options = { ignoreCodeSection: true, ignoreDataSection: true, ignoreCustomNameSection: true };
  const [{ fields, metadata }] = decode(new Uint8Array(bytes).buffer, options).body;
  const ofType = (type: string): readonly Node[] => fields.filter((node) => node.type === type);
  return {
    imports: ofType('ModuleImport').map(({ module, name, descr }) => {
      const type = descr.type === 'FuncImportDescr' ? `func ${formatSignature(descr.signature)}` : descr.type;
      return `${module} ${name} ${type}`;
    }),
    exports: ofType('ModuleExport').map(({ name, descr }) => `${name} ${descr.exportType} ${descr.id.value}`),
    types: ofType('TypeInstruction').map(({ functype }) => formatSignature(functype)),
    sectionOffsets: metadata.sections.map(({ startOffset }) => startOffset),
  };
}
