/** A host module that cannot make its options. It says which variables it sees. */
export function createHostOptions(): never {
  throw new Error(`no database in ${Object.keys(globalThis.process.env).join(' ')}`);
}
