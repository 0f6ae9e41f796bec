/** A module in its own glue code, ready to run programs. */
export interface Program {
  /** Runs the program whose answer is compared. It gives the same each time. */
  readonly run: () => string | Promise<string>;
  /** Runs a program that never ends. */
  readonly endless: () => unknown;
}

/** Loads a package's own glue code, which compiles and instantiates the module. */
export type Start = () => Promise<Program>;

/**
 * A package of test/modules. The compiler does not look for it, because the packages are installed for this lane only: `T` says of it what the program
 * uses, and the lock file keeps that true.
 */
export async function importPackage<T>(specifier: string): Promise<T> {
  return (await import(specifier)) as T;
}

/** The address of a file in a package of test/modules. */
export function packageFile(path: string): URL {
  return new URL(`node_modules/${path}`, import.meta.url);
}
