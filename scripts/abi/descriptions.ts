// The doc comments of the declarations under src/protocol/messages, which the schemas repeat.
import { readdirSync, readFileSync } from 'node:fs';
import type { Declaration } from '../../src/protocol/messages/index.ts';
import type { Description, Descriptions } from './schema-of.ts';

const folder = new URL('../../src/protocol/messages/', import.meta.url);

/** A doc comment of one line, and the constant below it that declares a type. */
const DECLARATION = /\/\*\* (.+) \*\/\nexport const (\w+) = (?:struct|taggedUnion|stringEnum)\(([\s\S]*?)\);\n/g;

/** A doc comment of one line, and the field below it. */
const FIELD = /\/\*\* (.+) \*\/\n\s+(\w+):/g;

/** Reads the descriptions of all types with names. */
export async function readDescriptions(): Promise<Descriptions> {
  const descriptions = new Map<Declaration, Description>();
  const files = readdirSync(folder, { recursive: true }).map((file) => String(file).replaceAll('\\', '/'));
  for (const file of files.filter((name) => name.endsWith('.ts')).sort()) {
    const url = new URL(file, folder);
    const matches = [...readFileSync(url, 'utf8').matchAll(DECLARATION)];
    // What is imported is a module of the project: an object of its exports.
    const exports = matches.length === 0 ? {} : ((await import(url.href)) as Readonly<Record<string, unknown>>);
    for (const [, comment = '', name = '', body = ''] of matches) {
      const fields = [...body.matchAll(FIELD)].map(([, text = '', field = '']) => [field, plain(text)] as const);
      // The pattern found the constant where it is declared as a type.
      descriptions.set(exports[name] as Declaration, { text: plain(comment), fields: new Map(fields) });
    }
  }
  return descriptions;
}

/** Without the marks that only a reader of the source can follow. */
function plain(comment: string): string {
  return comment.replace(/\{@link (\w+)\}/g, '$1');
}
