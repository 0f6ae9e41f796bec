import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** One import, re-export or `import()` of a file of src by another. */
export interface SourceImport {
  /** The importing file, such as `src/protocol/admit.ts`. */
  readonly from: string;
  /** The imported file. */
  readonly to: string;
  /** Whether only types are imported, so that nothing is loaded at run time. */
  readonly typeOnly: boolean;
}

const root = new URL('../../', import.meta.url);

/** A statement that names a module. The formatter puts its first word at the start of a line. */
const STATEMENT = /^(?:import|export)( type)? (?:[\w$*\s,{}]*? from )?'([^']+)'/gm;
/** `import('./x.ts')`: a type if it follows a colon or `typeof`, else loaded at run time. */
const CALL = /(: |typeof |<)?\bimport\('([^']+)'\)/g;
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/**
 * Lists the source files below a folder of the project.
 *
 * @param folder relative to the project, with a slash at its end
 * @returns paths relative to the project, sorted
 */
export function sourceFiles(folder = 'src/'): string[] {
  return readdirSync(new URL(folder, root), { recursive: true })
    .map((path) => `${folder}${String(path).replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path))
    .sort();
}

/**
 * Reads the imports of one file from its text.
 *
 * @param file its path, such as `src/clock.ts`
 * @param text its TypeScript, formatted as the project formats it
 * @returns imports of relative paths; others, such as `node:fs`, are left out
 */
export function importsOf(file: string, text: string): SourceImport[] {
  const code = text.replace(COMMENT, '');
  return [...code.matchAll(STATEMENT), ...code.matchAll(CALL)].flatMap(([, type, path = '']) => {
    if (!path.startsWith('.')) return [];
    return { from: file, to: posix.join(posix.dirname(file), path), typeOnly: type !== undefined };
  });
}

/** Reads the imports of all files of src. */
export function readImports(): SourceImport[] {
  return sourceFiles().flatMap((file) => importsOf(file, readFileSync(new URL(file, root), 'utf8')));
}

/**
 * Finds the files that load a file whose path begins with a prefix, themselves or by what they
 * import. Imports of types load nothing.
 *
 * @param imports from `readImports`
 * @param prefix such as `src/metering/rewrite/`
 * @returns paths, sorted; the files with the prefix are not among them
 */
export function filesThatReach(imports: readonly SourceImport[], prefix: string): string[] {
  const loading = imports.filter(({ typeOnly }) => !typeOnly);
  const reached = new Set(loading.map(({ to }) => to).filter((file) => file.startsWith(prefix)));
  // Iterating a set also visits what is added during the loop.
  for (const file of reached) for (const { from, to } of loading) if (to === file) reached.add(from);
  return [...reached].filter((file) => !file.startsWith(prefix)).sort();
}
