// Assembles the plugins of the benchmark, the text modules under plugins/.
import { readFile } from 'node:fs/promises';
import { parse } from '@bytecodealliance/jco';

/**
 * Modules by their names, in base64, to be handed to another process.
 * @param {readonly string[]} names files under plugins/, without `.wat`
 */
export async function assembleModules(names) {
  const modules = {};
  for (const name of names) {
    const text = await readFile(new URL(`./plugins/${name}.wat`, import.meta.url), 'utf8');
    modules[name] = Buffer.from(await parse(text)).toString('base64');
  }
  return modules;
}
