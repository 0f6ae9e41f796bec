/** A file of a new plugin. */
export interface NewFile {
  /** From the folder of the plugin on, with `/` between its parts. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What stands for the name of the plugin in templates, as it is and with `_` for each `-`. */
const PLACEHOLDER = /my-plugin|my_plugin/g;

/** Puts the name of a plugin into a text of a template. */
export function nameIn(text: string, name: string): string {
  const forms: Readonly<Record<string, string>> = { 'my-plugin': name, my_plugin: name.replaceAll('-', '_') };
  // One pass, because the name may contain the placeholder.
  return text.replace(PLACEHOLDER, (form) => forms[form] ?? form);
}

/**
 * Makes the files of a new plugin.
 *
 * @param folders the files of each folder that the template is made of, by path.
 * @param name of the plugin.
 * @returns the files, sorted by path.
 * @throws Error if two folders have the same path, or a file is not UTF-8: a defect of the package.
 */
export function filesOf(folders: readonly ReadonlyMap<string, Uint8Array>[], name: string): NewFile[] {
  const texts = new Map<string, string>();
  for (const [template, bytes] of folders.flatMap((folder) => [...folder])) {
    // npm leaves .gitignore out of packages.
    const path = template.replace(/(^|\/)gitignore$/, '$1.gitignore');
    if (texts.has(path)) throw new Error(`the template has ${path} twice`);
    texts.set(path, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  }
  return [...texts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, text]) => ({ path, bytes: new TextEncoder().encode(nameIn(text, name)) }));
}
