/** Whether this engine tells which functions of a module were running. JavaScriptCore does not. */
export const TELLS_STACKS: boolean = !('Bun' in globalThis);

/**
 * The line of a report that says where a plugin trapped, as a pattern.
 *
 * @param functions a pattern too.
 */
export function stackLine(functions: string, file: string): string {
  return TELLS_STACKS
    ? `in ${functions} \\(${file.replaceAll('.', '\\.')}\\)`
    : 'this engine gives no stack of the plugin';
}
