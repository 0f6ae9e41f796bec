/**
 * Which plugin ABI a module speaks: 1 is the protocol over the Extism kernel, which `admit` takes;
 * 2 is the hook ABI, which `admitHooks` takes.
 */
export type Generation = 1 | 2;

/** An export of a module. */
export interface NamedExport {
  readonly name: string;
  readonly kind: string;
}

/**
 * Functions that only plugins of one generation export. The first that a module exports decides.
 * One with the marks of both is taken for 2. The hooks are for a plugin that lacks its allocator.
 */
const marks: readonly (readonly [name: string, Generation])[] = [
  ['cc_lb_alloc', 2],
  ['cc_lb_handshake', 1],
  ['cc_lb_filter', 2],
  ['cc_lb_shape', 2],
];

/** Tells which ABI a plugin speaks. @returns `undefined` if it exports the functions of neither. */
export function generationOfExports(exports: readonly NamedExport[]): Generation | undefined {
  return marksIn(exports)[0];
}

/** Whether a module has marks of the hook ABI only, so that it cannot be a plugin of the other. */
export function isHookPlugin(exports: readonly NamedExport[]): boolean {
  const found = marksIn(exports);
  return found.includes(2) && !found.includes(1);
}

function marksIn(exports: readonly NamedExport[]): readonly Generation[] {
  const names = new Set(exports.filter(({ kind }) => kind === 'function').map(({ name }) => name));
  return marks.filter(([name]) => names.has(name)).map(([, generation]) => generation);
}
