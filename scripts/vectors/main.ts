// Writes the test vectors for hosts: `npm run vectors`. Assembles abi/vectors/modules/*.wat, writes
// abi/vectors/LAYER.json from the tables here, and then runs all vectors on this package. A test
// holds that the files are fresh.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from '@bytecodealliance/jco';
import { ownHost } from '../../src/conformance/vectors/host/index.ts';
import { readVectors } from '../../src/conformance/vectors/read.ts';
import { runVectors, type VectorResult } from '../../src/conformance/vectors/run.ts';
import type { LayerVectors } from './layer-vectors.ts';
import { layers } from './layers.ts';
import { vectorsSchema } from './schema.ts';

const folder = new URL('../../abi/vectors/', import.meta.url);
const modulesFolder = new URL('modules/', folder);

/** Assembles the modules of the vectors: their bytes by their names. */
export async function assembleModules(): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = readdirSync(modulesFolder).filter((name) => name.endsWith('.wat'));
  const modules = new Map<string, Uint8Array>();
  for (const name of names.sort())
    modules.set(name.slice(0, -'.wat'.length), await parse(readFileSync(new URL(name, modulesFolder), 'utf8')));
  return modules;
}

/** The text of a layer's file: one line for each vector. */
export function fileText({ layer, about, vectors }: LayerVectors): string {
  const lines = vectors.map((vector) => `    ${JSON.stringify(vector)}`);
  const head = `  "layer": ${JSON.stringify(layer)},\n  "about": ${JSON.stringify(about)},\n`;
  return `{\n${head}  "vectors": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

async function write(): Promise<void> {
  const modules = await assembleModules();
  for (const [name, bytes] of modules) writeFileSync(new URL(`${name}.wasm`, modulesFolder), bytes);
  writeFileSync(new URL('schema.json', folder), vectorsSchema());
  for (const written of layers) {
    const { layer } = written;
    const text = fileText(written);
    writeFileSync(new URL(`${layer}.json`, folder), text);
    const results: VectorResult[] = [];
    const vectors = readVectors(layer, text, (name) => modules.get(name));
    for await (const result of runVectors(vectors, ownHost)) results.push(result);
    for (const result of results)
      if (result.status !== 'passed') console.log(`${result.vector.id}: ${result.status}: ${result.reason}`);
    if (results.some(({ status }) => status === 'failed')) process.exitCode = 1;
    console.log(`${layer}: ${results.filter(({ status }) => status === 'passed').length} of ${results.length} passed`);
  }
}

if (process.argv[1] === import.meta.filename) await write();
