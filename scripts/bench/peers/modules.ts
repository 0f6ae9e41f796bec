import { readFile } from 'node:fs/promises';
import { parse } from '@bytecodealliance/jco';

/** The plugins of the benchmark that are text modules under plugins/, in base64. */
export type AssembledModules = Readonly<Record<'floor' | 'blocks' | 'empty', string>>;

/**
 * Assembles the text modules under plugins/.
 *
 * @returns the modules in base64, so that they can be sent to another process.
 */
export async function assembleModules(): Promise<AssembledModules> {
  const modules = { floor: '', blocks: '', empty: '' };
  for (const name of ['floor', 'blocks', 'empty'] as const) {
    const text = await readFile(new URL(`./plugins/${name}.wat`, import.meta.url), 'utf8');
    modules[name] = Buffer.from(await parse(text)).toString('base64');
  }
  return modules;
}
