/** The id of the record that is written, and the name of the bytes. */
export const RECORD = '["__global__","a/b"]';

/** What is written the time `version`: its length and each of its characters depend on it. */
export function contentsOf(version: number): string {
  const digit = String(version % 10);
  return `${version}:${digit.repeat(50_000 + (version % 7) * 10_000)}`;
}
