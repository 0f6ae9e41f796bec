/** A host module that ends its process. */
export function createHostOptions(): never {
  return globalThis.process.exit(7);
}
