/**
 * Set to 1 by `npm test`, which uses the Node that runs it and nothing else: tests that start a
 * browser or another runtime are then left out.
 */
export const ONLY_THIS_NODE = 'TEST_ONLY_THIS_NODE';

/**
 * Whether a test that starts a browser or another runtime is left out. Prints the reason if so.
 *
 * @param what names the test in the printed reason.
 */
export function isLeftOut(what: string): boolean {
  if (process.env[ONLY_THIS_NODE] !== '1') return false;
  console.log(`skipped: ${what}: npm run test:all runs it`);
  return true;
}
