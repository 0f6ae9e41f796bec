import { readFile } from 'node:fs/promises';
import { startLineProgram } from '../../src/cli/program/line-program.ts';
import { Driver, loadVectors, readAnswer, runVectors } from '../../src/conformance/index.ts';

/**
 * Asks a driver all test vectors of abi/vectors.
 *
 * @param program the path of the driver.
 * @returns the lines that it answered, in the order of the ids. A vector that ends the driver, or
 * that it never answers, has an end whose layer is `host`.
 */
export async function answersToVectors(program: string): Promise<readonly string[]> {
  const vectors = await loadVectors(async (path) => readFile(new URL(`../../abi/vectors/${path}`, import.meta.url)));
  const lines = new Map<string, string>();
  const driver = new Driver(() => {
    const running = startLineProgram(`"${program}"`);
    return {
      send: (line) => running.send(line),
      end: (timeoutMs) => running.end(timeoutMs),
      receive: async (timeoutMs) => {
        const received = await running.receive(timeoutMs);
        if ('line' in received) lines.set(readAnswer(received.line).id, received.line);
        return received;
      },
    };
  });
  for await (const { vector, ...result } of runVectors(vectors, driver.host)) {
    if (lines.has(vector.id)) continue;
    console.log(`${vector.id}: ${result.status === 'failed' ? result.reason : result.status}`);
    const end = { layer: 'host', error: { kind: 'NoAnswer' } };
    lines.set(vector.id, JSON.stringify({ id: vector.id, ends: [end] }));
  }
  await driver.end();
  return [...lines].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line);
}
