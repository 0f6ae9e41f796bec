// The doc comments of the declarations of messages, which the schemas repeat.
import { readdirSync, readFileSync } from 'node:fs';
import type { ArchiveDeclaration } from '../../src/hooks/index.ts';
import { jsonFormOf } from '../../src/hooks/json-form.ts';
import type { Declaration } from '../../src/protocol/messages/index.ts';
import type { Description, Descriptions } from './schema-of.ts';

/** The folders of src with declarations. */
const folders = ['protocol/messages/', 'hooks/', 'host/'];

/** A doc comment, and the constant below it that declares a type. */
const DECLARATION = new RegExp(
  [
    String.raw`/\*\*\s+((?:(?!\*/)[\s\S])+?)\s+\*/\n`,
    String.raw`export const (\w+) = (?:struct|taggedUnion|stringEnum|enumeration)\(([\s\S]*?)\);\n`,
  ].join(''),
  'g',
);

/** A doc comment of one line, and the field below it. */
const FIELD = /\/\*\* (.+) \*\/\n\s+(\w+):/g;

/** Reads the descriptions of all types with names. */
export async function readDescriptions(): Promise<Descriptions> {
  const descriptions = new Map<Declaration, Description>();
  for (const path of folders) {
    const folder = new URL(`../../src/${path}`, import.meta.url);
    const files = readdirSync(folder, { recursive: true }).map((file) => String(file).replaceAll('\\', '/'));
    for (const file of files.filter((name) => name.endsWith('.ts')).sort()) {
      const url = new URL(file, folder);
      const matches = [...readFileSync(url, 'utf8').matchAll(DECLARATION)];
      // What is imported is a module of the project: an object of its exports.
      const exports = matches.length === 0 ? {} : ((await import(url.href)) as Readonly<Record<string, unknown>>);
      for (const [, comment = '', name = '', body = ''] of matches) {
        const fields = [...body.matchAll(FIELD)].map(([, text = '', field = '']) => [field, plain(text)] as const);
        descriptions.set(jsonTypeOf(exports[name]), { text: plain(comment), fields: new Map(fields) });
      }
    }
  }
  return descriptions;
}

/** The JSON type that a constant declares, which the pattern has found to be a type. */
function jsonTypeOf(declared: unknown): Declaration {
  const type = declared as Declaration | ArchiveDeclaration;
  return 'decode' in type ? type : jsonFormOf(type).type;
}

/** On one line, and without the marks that only a reader of the source can follow. */
function plain(comment: string): string {
  return comment
    .replace(/^\* /, '')
    .replace(/\s*\n \* ?/g, ' ')
    .replace(/\{@link (\w+)\}/g, '$1');
}
