/** A module with its own glue code, ready to run programs. */
export interface Program {
  /** Runs the program whose answer is compared. It returns the same answer each time. */
  readonly run: () => string | Promise<string>;
  /** Runs a program that never ends. */
  readonly endless: () => unknown;
}

/** Loads a package's own glue code, which compiles and instantiates the module. */
export type Start = () => Promise<Program>;

/**
 * Imports a package of test/modules. The compiler does not read its types, because the packages are
 * installed for this lane only. `T` describes what the program uses. The lock file keeps it
 * correct.
 */
export async function importPackage<T>(specifier: string): Promise<T> {
  return (await import(specifier)) as T;
}

/** The address of a file in a package of test/modules. */
export function packageFile(path: string): URL {
  return new URL(`node_modules/${path}`, import.meta.url);
}
