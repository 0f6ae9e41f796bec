/**
 * Makes a script safe to stand in an HTML document: `</script` would end its element, and `<!--`
 * begin a comment. esbuild writes neither: it escapes both in strings.
 *
 * @returns the script as it is: its hash is in the policy of the page.
 * @throws Error if it has one of them.
 */
export function inlineScript(script: string): string {
  if (/<\/script|<!--|<script/i.test(script)) throw new Error('the script of the inspector has what HTML acts upon');
  return script;
}

/**
 * Makes a style sheet safe to stand in an HTML document.
 *
 * @returns the sheet as it is.
 * @throws Error if it would end its element.
 */
export function inlineStyle(style: string): string {
  if (/<\/style|<!--/i.test(style)) throw new Error('the style of the inspector has what HTML acts upon');
  return style;
}

/** Writes a value as JSON that an HTML document can hold: no tag can begin in it. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
