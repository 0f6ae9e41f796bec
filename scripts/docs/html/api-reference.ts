import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importPackage, type TypeDoc } from './packages.ts';

const root = new URL('../../../', import.meta.url);
const pathOf = (path: string): string => fileURLToPath(new URL(path, root));

const PACKAGE = 'cc-lb-runtime-protocol';

/**
 * Typedoc's words for a `{@link}` to what no entry exports, which is allowed: each wire type links
 * to the constant that declares it.
 */
const NOT_EXPORTED = 'was resolved but is not included in the documentation';

/**
 * Renders the API reference of the entries from their doc comments, with typedoc.
 *
 * @param folder where it is written to, from the root of the project
 * @returns what is wrong with the comments, such as a `{@link}` to a name that does not exist
 * @throws Error if the sources cannot be read
 */
export async function renderApi(folder: string): Promise<string[]> {
  const { Application, Logger, LogLevel } = await importPackage<TypeDoc>('typedoc');
  const jsr: unknown = JSON.parse(readFileSync(new URL('jsr.json', root), 'utf8'));
  const entries = Object.entries<string>(Object(jsr).exports);
  const faults: string[] = [];

  class Recorder extends Logger {
    override log(message: string, level: number): void {
      if (level >= LogLevel.Warn && !message.includes(NOT_EXPORTED)) faults.push(message);
    }
  }

  const app = await Application.bootstrap({
    name: PACKAGE,
    entryPoints: entries.map(([, source]) => pathOf(source)),
    tsconfig: pathOf('scripts/tsconfig.build.json'),
    readme: 'none',
    hideGenerator: true,
    disableSources: true,
    navigationLinks: { Documents: '../index.html' },
    validation: { invalidLink: true, notExported: false, notDocumented: false },
  });
  app.logger = new Recorder();
  const project = await app.convert();
  if (project === undefined) throw new Error(`typedoc could not read the sources:\n${faults.join('\n')}`);
  // Modules are called by their files, such as protocol/admit; a reader knows the names of entries.
  const names = new Map(entries.map(([name, source]) => [source.replace(/^\.\/src\/|(\/index)?\.ts$/g, ''), name]));
  for (const module of project.children ?? []) {
    const name = names.get(module.name) ?? module.name;
    module.name = name === '.' ? PACKAGE : name.replace('./', '');
  }
  app.validate(project);
  await app.generateDocs(project, pathOf(folder));
  return faults;
}
