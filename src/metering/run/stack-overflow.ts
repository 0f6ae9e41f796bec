/** What engines throw when their own stack is used up: V8 and JavaScriptCore the first, SpiderMonkey the second. */
const stackOverflows = [
  { name: 'RangeError', message: /^Maximum call stack size exceeded\.?$/ },
  { name: 'InternalError', message: /^too much recursion$/ },
];

/** Whether what was thrown is an engine's own stack overflow. */
export function isStackOverflow(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return stackOverflows.some(({ name, message }) => thrown.name === name && message.test(thrown.message));
}
