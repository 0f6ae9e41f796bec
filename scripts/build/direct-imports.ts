// Lets modules import from the file that declares a name instead of an index file.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/** `import { a, type B } from './folder/index.ts'`, and the same with `export`. */
const FROM_INDEX = /^(import|export) \{([^}]*)\} from '([^']*\/index\.ts)';/gm;

/** What a module takes from another and exports: names, or all. */
const NAMES = /^export \{([^}]*)\} from '([^']+)';/gm;
const ALL = /^export \* from '([^']+)';/gm;

/** A value that a module declares. */
const declarationOf = (name: string) => new RegExp(`^export (const|class|(async )?function\\*?) ${name}\\b`, 'm');

/** A name in braces, and what it is called where it goes to. */
type Specifier = readonly [name: string, as: string];

/** The names of values in braces. */
function specifiers(braces: string): Specifier[] {
  const written = braces.split(',').map((each) => each.trim());
  return written
    .filter((each) => each !== '' && !each.startsWith('type '))
    .map((each) => {
      const [name = '', as = name] = each.split(' as ');
      return [name, as];
    });
}

/** Where a name that a module exports is declared: the file, and its name there. */
function declared(path: string, name: string): { readonly path: string; readonly name: string } | undefined {
  const text = readFileSync(path, 'utf8');
  if (declarationOf(name).test(text)) return { path, name };
  for (const [, braces = '', from = ''] of text.matchAll(NAMES)) {
    const found = specifiers(braces).find(([, as]) => as === name);
    if (found !== undefined) return declared(resolve(dirname(path), from), found[0]);
  }
  for (const [, from = ''] of text.matchAll(ALL)) {
    const found = declared(resolve(dirname(path), from), name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The text of a module with direct imports.
 *
 * @param path of the module.
 * @returns its text. Imports through index files are from the files that declare the names; if one
 * is not found, it stays. All lines stay where they are.
 */
export function withDirectImports(path: string): string {
  return readFileSync(path, 'utf8').replace(FROM_INDEX, (statement, keyword: string, braces: string, from: string) => {
    const index = resolve(dirname(path), from);
    const direct = specifiers(braces).map(([name, as]) => {
      const found = declared(index, name) ?? { path: index, name };
      return `${keyword} { ${found.name} as ${as} } from ${JSON.stringify(found.path)};`;
    });
    return direct.join(' ') + '\n'.repeat(statement.split('\n').length - 1);
  });
}

/**
 * esbuild puts all files into a chunk that can be reached by imports, although the entry may use
 * nothing of them. Through the index file of a folder everything in the folder can be reached.
 */
export const directImports: Plugin = {
  name: 'direct imports',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({ contents: withDirectImports(path), loader: 'ts' }));
  },
};
