/** The package has no types of its own: this declares what the tests use of it. */
declare module '@webassemblyjs/wasm-parser' {
  /** Parses a module to a tree of nodes; throws when the bytes are not a valid one. */
  export function decode(
    bytes: ArrayBufferLike | Uint8Array,
    options?: { readonly dump?: boolean; readonly ignoreCodeSection?: boolean; readonly ignoreDataSection?: boolean },
  ): { readonly type: 'Program'; readonly body: readonly { readonly type: string }[] };
}
