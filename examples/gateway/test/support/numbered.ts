/** A record and a module that belong to a number, and are long enough to be cut. */
export function numbered(number: number) {
  return {
    record: JSON.stringify({ number, text: `${number},`.repeat(2_000) }),
    module: new Uint8Array(100_000).fill(number % 251),
  };
}
