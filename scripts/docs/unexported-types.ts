// Lists the types that a caller of an entry cannot import. What its functions, classes, constants
// and options name must come from the entry itself; what its other types name, from any entry.
//   node --import ./scripts/typescript.mjs scripts/docs/unexported-types.ts dist
// reads the declarations of all entries, as `npm run build` writes them: they state every type.
import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Node, SyntaxKind } from 'typescript/unstable/ast';
import { API, type Checker, type Project, type Symbol as Sym, SymbolFlags } from 'typescript/unstable/sync';

const root = new URL('../../', import.meta.url);

// The project's own file, whose entries test/scripts/package.test.ts compares with package.json.
const { exports: entries } = JSON.parse(readFileSync(new URL('jsr.json', root), 'utf8')) as {
  readonly exports: Readonly<Record<string, string>>;
};

/** Exported types of objects whose fields a caller writes. */
const OPTIONS = /(Options|Budget|Limits|Context|Source)$/;

/** Entries that have what is their own, and the root entry the rest: a layer, and its messages. */
const LAYERS: readonly string[] = ['./handshake', './self-check', './metadata', './dispatch'];

/** Types in signatures that no caller writes or reads, with the reason. */
const INTERNAL: Readonly<Record<string, string>> = {
  FailureErrorOptions: 'of constructors of errors, which the package throws',
  HookPluginParts: 'of the constructor of HookPlugin, which admitHooks makes',
  KernelPlace: 'of the constructor of CompiledPlugin, which compilePlugin and loadPlugin make',
  LayerResult: 'of functions that the layers share',
  LinkInfo: 'of Preparation, which the package reads',
  PluginDescription: 'of the constructor of CompiledPlugin',
  Preparation: 'of the constructor of CompiledPlugin',
  RemoteKind: 'of the constructor of RemotePluginHost, which hostInWorkers and hostInProcesses make',
  RemotePlugin: 'of constructors of runners, which a host makes',
  ServedPlugin: 'of the constructor of PluginLease, which a host makes',
  StackReader: 'of CompiledPlugin, for traps',
  UsedResult: 'of functions that the hosts of this package share',
};

/** A type that an entry lacks. */
export interface UnexportedType {
  readonly entry: string;
  /** The export of the entry that names it. */
  readonly by: string;
  readonly type: string;
  /** The file that declares it, from the folder of the declarations. */
  readonly file: string;
}

/** The fields of nodes that are read here: which a node has depends on its kind. */
interface Fields {
  readonly modifiers?: readonly Node[];
  readonly typeName?: Node;
  readonly expression?: Node;
  readonly qualifier?: Node;
}

function has(node: Node, ...kinds: readonly SyntaxKind[]): boolean {
  // The cast: what has no such field has `undefined` there.
  return (node as Fields).modifiers?.some(({ kind }) => kinds.includes(kind)) === true;
}

/** The name in a node that refers to a type; `undefined` for any other node. */
function typeNameIn(node: Node): Node | undefined {
  // The cast: the fields of these kinds.
  const { typeName, expression, qualifier } = node as Fields;
  if (node.kind === SyntaxKind.TypeReference) return typeName;
  if (node.kind === SyntaxKind.ImportType) return qualifier;
  return node.kind === SyntaxKind.ExpressionWithTypeArguments ? expression : undefined;
}

/**
 * Collects the names of types in a declaration. What only subclasses see is left out, and the class
 * that a class extends: its members are inherited, and nobody writes its name.
 */
function typeNames(node: Node, inClass = false, found: Node[] = []): readonly Node[] {
  if (has(node, SyntaxKind.PrivateKeyword, SyntaxKind.ProtectedKeyword)) return found;
  const name = typeNameIn(node);
  const isExtended = inClass && node.kind === SyntaxKind.ExpressionWithTypeArguments;
  if (name !== undefined && !isExtended) found.push(name);
  node.forEachChild((child) => {
    typeNames(child, inClass || node.kind === SyntaxKind.ClassDeclaration, found);
  });
  return found;
}

/** The symbol that a name stands for, in whichever file it is declared. */
function declared(checker: Checker, symbol: Sym): Sym {
  return symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** An entry, and the symbols that its exports stand for. */
interface Exports {
  readonly entry: string;
  readonly symbols: readonly Exported[];
}

interface Exported {
  readonly by: string;
  readonly own: Sym;
  /** Whether it exists at run time: a class can be exported as a type alone. */
  readonly isValue: boolean;
}

/** Whether an export says `type`, for itself or for its whole list. */
export function isTypeOnly(project: Project, { declarations }: Sym): boolean {
  return declarations.some((handle) => {
    const node = handle.resolve(project);
    // The casts: an entry of a list, the list, and its declaration, which have this field.
    const parts = [node, node?.parent.parent] as readonly ({ readonly isTypeOnly?: boolean } | undefined)[];
    return parts.some((part) => part?.isTypeOnly === true);
  });
}

function exportsOf(project: Project, entry: string, file: string): Exports {
  const { program, checker } = project;
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} is not a module`);
  const symbols = checker.getExportsOfModule(module).map((each) => {
    const own = declared(checker, each);
    const isValue = (own.flags & SymbolFlags.Value) !== 0 && !isTypeOnly(project, each);
    return { by: each.name, own, isValue };
  });
  return { entry, symbols };
}

/** The types that a symbol's declarations name. */
function typesOf(project: Project, { declarations }: Sym): readonly Sym[] {
  const nodes = declarations.flatMap((handle) => handle.resolve(project) ?? []);
  const names = nodes.flatMap((node) => typeNames(node));
  return names.flatMap((name) => {
    const symbol = project.checker.getSymbolAtLocation(name);
    return symbol === undefined ? [] : [declared(project.checker, symbol)];
  });
}

/** Whether a type can be imported at all. Else it is a shorthand in its own module. */
function isExported(project: Project, folder: string, { declarations }: Sym): boolean {
  return declarations.some((handle) => {
    const node = handle.path.startsWith(folder) ? handle.resolve(project) : undefined;
    return node !== undefined && has(node, SyntaxKind.ExportKeyword);
  });
}

/**
 * Reads what one entry lacks.
 *
 * @param exported those of all entries.
 */
function unexportedBy(
  project: Project,
  folder: string,
  { entry, symbols }: Exports,
  exported: readonly Exports[],
): readonly UnexportedType[] {
  const idsOf = (all: readonly Exports[]) => new Set(all.flatMap((each) => each.symbols.map(({ own }) => own.id)));
  const sources = LAYERS.includes(entry) ? [entry, '.'] : [entry];
  const here = idsOf(exported.filter((each) => sources.includes(each.entry)));
  const everywhere = idsOf(exported);
  const found = new Map<string, UnexportedType>();
  for (const { by, own, isValue } of symbols) {
    const known = isValue || OPTIONS.test(by) ? here : everywhere;
    for (const type of typesOf(project, own)) {
      if (known.has(type.id) || Object.hasOwn(INTERNAL, type.name) || !isExported(project, folder, type)) continue;
      const file = type.declarations[0]?.path.slice(folder.length + 1) ?? '';
      found.set(`${by} ${type.id}`, { entry, by, type: type.name, file });
    }
  }
  return [...found.values()];
}

/**
 * Reads the declarations of all entries.
 *
 * @param folder in which they are.
 * @throws Error if an entry has none.
 */
export function unexportedTypes(folder: string): readonly UnexportedType[] {
  const real = realpathSync(folder);
  const files = Object.entries(entries).map(([entry, file]) => {
    return { entry, file: join(real, file.replace('./src/', '').replace(/\.ts$/, '.d.ts')) };
  });
  const config = join(real, 'tsconfig.entries.json');
  const compilerOptions = { target: 'es2022', module: 'nodenext', noEmit: true, lib: ['es2022', 'dom'], types: [] };
  writeFileSync(config, JSON.stringify({ compilerOptions, files: files.map(({ file }) => file) }));
  const api = new API({ cwd: real });
  try {
    const project = api.updateSnapshot({ openProject: config }).getProject(config);
    if (project === undefined) throw new Error(`${config} cannot be opened`);
    const exported = files.map(({ entry, file }) => exportsOf(project, entry, file));
    return exported.flatMap((each) => unexportedBy(project, real, each, exported));
  } finally {
    api.close();
    rmSync(config);
  }
}

const [, script, folder] = process.argv;
if (folder !== undefined && script?.endsWith('unexported-types.ts') === true)
  console.log(JSON.stringify(unexportedTypes(resolve(folder)), undefined, 2));
