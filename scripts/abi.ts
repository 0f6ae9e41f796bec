// Writes the contract as data under abi/, from the tables in src: `npm run abi`. A test holds the
// files and the tables together.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FUEL_PER_BYTE, kernelFunctionMeanings, kernelFunctions } from '../src/kernel/index.ts';
import { commandSchemas } from './abi/cli/documents.ts';
import { exchangesDocument } from './abi/exchanges.ts';
import { hooksAbi } from './abi/hooks.ts';
import { protocolAbi } from './abi/protocol.ts';
import { exactJson, schemaTexts } from './abi/schemas.ts';

const kernel = {
  namespace: 'extism:host/env',
  fuel_per_byte: FUEL_PER_BYTE,
  functions: Object.entries(kernelFunctions).map(([name, { params, results, fuel }]) => ({
    name,
    params,
    results,
    fuel,
    // The keys are the names of the table.
    meaning: kernelFunctionMeanings[name as keyof typeof kernelFunctions],
  })),
};

/** The files under abi/ that are made from src: their text by their path from abi/ on. */
export const generatedFiles: Readonly<Record<string, string>> = {
  'EXAMPLES.md': exchangesDocument(),
  'hooks.json': `${JSON.stringify(hooksAbi, null, 2)}\n`,
  'kernel.json': `${JSON.stringify(kernel, null, 2)}\n`,
  'protocol.json': `${JSON.stringify(protocolAbi, null, 2)}\n`,
  ...Object.fromEntries(Object.entries(schemaTexts).map(([path, text]) => [`schemas/${path}`, text])),
  ...Object.fromEntries(Object.entries(commandSchemas).map(([path, schema]) => [`schemas/${path}`, exactJson(schema)])),
};

const folder = new URL('../abi/', import.meta.url);

/**
 * The data files and examples that lie under abi/, but the test vectors: their paths from there on.
 */
export function presentFiles(): string[] {
  const paths = readdirSync(folder, { recursive: true }).map((path) => String(path).replaceAll('\\', '/'));
  const isWritten = (path: string): boolean => path.endsWith('.json') || path === 'EXAMPLES.md';
  return paths.filter((path) => isWritten(path) && !path.startsWith('vectors/')).sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const path of presentFiles().filter((path) => !Object.hasOwn(generatedFiles, path)))
    rmSync(new URL(path, folder));
  for (const [path, text] of Object.entries(generatedFiles)) {
    const file = new URL(path, folder);
    mkdirSync(new URL('./', file), { recursive: true });
    writeFileSync(file, text);
  }
}
