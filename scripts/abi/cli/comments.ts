// The doc comments of the TypeScript types of documents, which the schemas repeat.
import { readdirSync, readFileSync } from 'node:fs';

/** The comment of a type, and of its fields by their names. */
export interface Comment {
  readonly text: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** The comments of types by their names. */
export type Comments = ReadonlyMap<string, Comment>;

/** The folders of src with types of documents, and single files. */
const sources = ['cli/', 'conformance/', 'hooks/', 'inspection/', 'metering/run/', 'protocol/', 'telemetry.ts'];

const COMMENT = String.raw`\/\*\*\s+((?:(?!\*\/)[\s\S])+?)\s+\*\/\n`;
const TYPE = new RegExp(String.raw`${COMMENT}export (?:interface|type) (\w+)([\s\S]*?)(?:\n\}|;\n\n)`, 'g');
const FIELD = new RegExp(String.raw`${COMMENT}\s+readonly (\w+)\??:`, 'g');

/** Reads the comments of all types that the sources export. */
export function readComments(): Comments {
  const src = new URL('../../../src/', import.meta.url);
  const files = readdirSync(src, { recursive: true })
    .map((file) => String(file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && sources.some((source) => file.startsWith(source)))
    .sort();
  const comments = new Map<string, Comment>();
  for (const file of files) {
    for (const [, text = '', name = '', body = ''] of readFileSync(new URL(file, src), 'utf8').matchAll(TYPE)) {
      const fields = [...body.matchAll(FIELD)].map(([, comment = '', field = '']) => [field, plain(comment)] as const);
      comments.set(name, { text: plain(text), fields: new Map(fields) });
    }
  }
  return comments;
}

/** On one line, and without the marks that only a reader of the source can follow. */
function plain(comment: string): string {
  return comment
    .replace(/^\* /, '')
    .replace(/\s*\n \s*\* ?/g, ' ')
    .replace(/\{@link (\w+)[.\w]*\}/g, '$1')
    .trim();
}
