// Lists what the package's entries export, and the options that their functions take:
//   node --import ./scripts/typescript.mjs scripts/docs/public-names.ts
// prints them; with --write they go to test/scripts/exports.json. test/scripts/exports.test.ts
// compares the two, so that a change of the public surface is a decision.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isExportDeclaration, isExportSpecifier } from 'typescript/unstable/ast/is';
import { API, type Checker, type Project, type Symbol as Sym, SymbolFlags } from 'typescript/unstable/sync';

const root = new URL('../../', import.meta.url);

// The project's own file, whose entries test/scripts/package.test.ts compares with package.json.
const { exports: entries } = JSON.parse(readFileSync(new URL('jsr.json', root), 'utf8')) as {
  readonly exports: Readonly<Record<string, string>>;
};

/** What an entry exports; each list is sorted. */
interface EntryNames {
  /**
   * Functions, classes and constants: what exists at run time. A class is a type too, and only that
   * behind an `export type`.
   */
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/** The public surface, as test/scripts/exports.json has it. */
interface PublicNames {
  /** By the entry's name in package.json. */
  readonly entries: Readonly<Record<string, EntryNames>>;
  /** The properties of each exported type of options; those that may be missing end with `?`. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

/** Exported types of objects whose properties a host names. */
const OPTIONS = /^[A-Z]\w*(Options|Budget|Limits|Context|Source)$/;

/** The symbol that an export stands for, in whichever file it is declared. */
function declared(checker: Checker, symbol: Sym): Sym {
  return symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Whether an alias is written as `export type { Name }` or `export { type Name }`. */
function isTypeExport({ declarations }: Sym): boolean {
  return declarations.some((handle) => {
    const node = handle.resolve();
    if (node === undefined || !isExportSpecifier(node)) return false;
    const declaration = node.parent.parent;
    return node.isTypeOnly || (isExportDeclaration(declaration) && declaration.isTypeOnly);
  });
}

/** Whether an export exists at run time: it stands for a value, and no alias makes it a type. */
function isValue(checker: Checker, symbol: Sym): boolean {
  if (!(symbol.flags & SymbolFlags.Alias)) return (symbol.flags & SymbolFlags.Value) !== 0;
  const next = isTypeExport(symbol) ? undefined : checker.getImmediateAliasedSymbol(symbol);
  return next !== undefined && isValue(checker, next);
}

/** The exports of a source file. */
function exportsOf({ program, checker }: Project, file: string): readonly Sym[] {
  const source = program.getSourceFile(fileURLToPath(new URL(file, root)));
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} is not a module of scripts/tsconfig.build.json`);
  return checker.getExportsOfModule(module);
}

function propertiesOf(checker: Checker, symbol: Sym): string[] {
  const properties = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
  return properties.map(({ name, flags }) => `${name}${flags & SymbolFlags.Optional ? '?' : ''}`).sort();
}

/** The properties of the exported types that `OPTIONS` matches, by the type's name. */
function optionNames(checker: Checker, exported: readonly Sym[]): Record<string, string[]> {
  const matching = exported.filter(({ name }) => OPTIONS.test(name));
  const named = matching.map((each): [string, string[]] => [each.name, propertiesOf(checker, declared(checker, each))]);
  // A union of unlike types has no property that all have.
  const sorted = named.filter(([, properties]) => properties.length > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted);
}

/** Reads the public surface from the sources of the entries. */
function readPublicNames(): PublicNames {
  const api = new API({ cwd: fileURLToPath(root) });
  try {
    const config = fileURLToPath(new URL('scripts/tsconfig.build.json', root));
    const project = api.updateSnapshot({ openProject: config }).getProject(config);
    if (project === undefined) throw new Error(`${config} cannot be opened`);
    const { checker } = project;
    const exported = Object.entries(entries).map(([name, file]) => ({ name, symbols: exportsOf(project, file) }));
    const namesOf = (symbols: readonly Sym[]): string[] => symbols.map(({ name }) => name).sort();
    return {
      entries: Object.fromEntries(
        exported.map(({ name, symbols }) => {
          const values = symbols.filter((each) => isValue(checker, each));
          const types = symbols.filter((each) => !values.includes(each));
          return [name, { values: namesOf(values), types: namesOf(types) }];
        }),
      ),
      options: optionNames(
        checker,
        exported.flatMap(({ symbols }) => symbols),
      ),
    };
  } finally {
    api.close();
  }
}

const text = `${JSON.stringify(readPublicNames(), undefined, 2)}\n`;
if (process.argv.includes('--write')) writeFileSync(new URL('test/scripts/exports.json', root), text);
else process.stdout.write(text);
