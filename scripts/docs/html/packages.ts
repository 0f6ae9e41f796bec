// What is used of the packages in this folder's lock file. The compiler does not look for them,
// because they are installed for `npm run docs` only; the lock file keeps these types true.

/** A piece of markdown as markdown-it reads it. */
export interface Token {
  readonly type: string;
  /** The HTML element: `h2`. */
  readonly tag: string;
  /** Without the markdown: the text of what is inline, the source of a fenced block. */
  content: string;
  readonly children: Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

/** The class that markdown-it exports. */
export type MarkdownIt = new (options: {
  readonly html: boolean;
  readonly linkify: boolean;
}) => {
  parse(text: string, environment: object): Token[];
  readonly renderer: { render(tokens: readonly Token[], options: object, environment: object): string };
  readonly options: object;
};

/** A module or the project in typedoc's model. */
export interface Reflection {
  name: string;
  readonly children?: readonly Reflection[];
}

/** A logger of typedoc's: it calls `log` for each message. */
export interface Logger {
  readonly errorCount: number;
  log(message: string, level: number): void;
}

/** What is used of typedoc. */
export interface TypeDoc {
  readonly Application: {
    bootstrap(options: object): Promise<{
      logger: Logger;
      convert(): Promise<Reflection | undefined>;
      validate(project: Reflection): void;
      generateDocs(project: Reflection, folder: string): Promise<void>;
    }>;
  };
  readonly Logger: new () => Logger;
  readonly LogLevel: { readonly Warn: number; readonly Error: number };
}

/**
 * Imports a package of this folder.
 *
 * @param name its name; `T` is what is used of it
 */
export async function importPackage<T>(name: string): Promise<T> {
  return (await import(name)) as T;
}
