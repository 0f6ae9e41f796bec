import { parseArgs } from 'node:util';

/**
 * Reads `--port` of a command that serves something.
 *
 * @param args what stands after the command.
 * @param byDefault the port without the option; 0 is a free one.
 * @throws Error if the text names no port, or another option is given.
 */
export function portOption(args: readonly string[], byDefault: number): number {
  const { values } = parseArgs({ args: [...args], options: { port: { type: 'string', default: String(byDefault) } } });
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
  if (!(port <= 65_535)) throw new Error(`--port must be a number up to 65535, not ${values.port}`);
  return port;
}

/** Says of an error that the port is taken, and what to do; any other in its own words. */
export function servingFault(error: unknown, port: number): string {
  const reason = error instanceof Error ? error.message : String(error);
  // Bun words it otherwise, and has the code; workerd has words only.
  const isTaken = Object(error).code === 'EADDRINUSE' || /Address already in use/.test(reason);
  return isTaken ? `port ${port} is taken: end what listens there, or give another port with --port` : reason;
}
