import type { Declaration } from '../../src/protocol/messages/index.ts';

/** A type that has a schema of its own. */
export interface SchemaFile {
  /** The file, from abi/schemas/ on: `v1/shape-request.json`. */
  readonly path: string;
  readonly type: Declaration;
  readonly title: string;
  /** Values of the type, as `encodeJson` takes them. */
  readonly examples: readonly unknown[];
}

/** `ShapeRequest` and `build_signer` as `shape-request` and `build-signer`. */
export const kebab = (name: string): string =>
  name
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-')
    .replaceAll('_', '-')
    .toLowerCase();
