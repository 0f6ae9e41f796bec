/** Whether this engine tells which functions of a module were running. JavaScriptCore does not. */
export const TELLS_STACKS: boolean = !('Bun' in globalThis);
