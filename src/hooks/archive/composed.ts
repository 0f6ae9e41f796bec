import type { ArchiveDeclaration } from './type.ts';

/**
 * Remembers what is composed of a type, so that it is composed once, on first use.
 *
 * @param compose makes the part of a type.
 * @returns a function that returns the part of a type, always the same one.
 */
/* @__NO_SIDE_EFFECTS__ */
export function composedOnce<Part>(compose: (type: ArchiveDeclaration) => Part): (type: ArchiveDeclaration) => Part {
  const parts = new WeakMap<ArchiveDeclaration, { readonly part: Part }>();
  return (type) => {
    let made = parts.get(type);
    if (made === undefined) {
      made = { part: compose(type) };
      parts.set(type, made);
    }
    return made.part;
  };
}
