// Writes the modules under src that are made from others: the functions that are text, assembled,
// and the table of instructions by opcode: `npm run generate`. A test checks that they are up to
// date.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RelocatableFunction } from '../src/wasm/index.ts';
import { instructionTable } from './assemble/instructions.ts';
import { assembledKernel } from './assemble/kernel.ts';
import { assembledSupport } from './assemble/support.ts';

const root = new URL('../', import.meta.url);

/** A character that a string literal needs an escape for, or that editors do not show. */
const UNSEEN = /[\\\x7f-\xa0\xad]/g;

function literal(text: string): string {
  const escaped = (character: string): string =>
    character === '\\' ? '\\\\' : `\\x${character.charCodeAt(0).toString(16)}`;
  return `"${text.replace(UNSEEN, escaped)}"`;
}

/** The text of a module that exports functions. */
function moduleOf(
  name: string,
  about: string,
  functions: Readonly<Record<string, RelocatableFunction>>,
  wasm: string,
): string {
  const rows = Object.entries(functions).map(
    ([key, parts]) => `  ${/^\w+$/.test(key) ? key : `'${key}'`}: [${parts.map(literal).join(', ')}],\n`,
  );
  return `// Written by \`npm run generate\`.
import type { RelocatableFunction } from '${wasm}';

/** ${about} */
export const ${name} = {
${rows.join('')}} as const satisfies Readonly<Record<string, RelocatableFunction>>;
`;
}

/** The text of the module with the table of instructions. */
function tableModule(): string {
  const { kinds, kindsByPrefix } = instructionTable();
  const lines = Object.entries(kindsByPrefix).map(([prefix, line]) => `  ${prefix}: ${literal(line)},\n`);
  return `// Written by \`npm run generate\`.
import type { Kind } from './kind.ts';

/** The kinds of instructions. */
export const kinds: readonly Kind[] = [
${kinds.map((kind) => `  ${JSON.stringify(kind)},\n`).join('')}];

/** The kind of each instruction by its opcode: by prefix byte, then by the number after it. */
export const kindsByPrefix: Readonly<Record<number, string>> = {
${lines.join('')}};
`;
}

/** The modules: their texts by their paths from the root of the repository. */
export const assembledModules: Readonly<Record<string, string>> = {
  'src/wasm/instructions/table.generated.ts': tableModule(),
  'src/kernel/code/code.generated.ts': moduleOf(
    'kernelCode',
    'The functions of the kernel that are text in `text.ts`, assembled.',
    assembledKernel(),
    '../../wasm/index.ts',
  ),
  'src/metering/rewrite/support-code.generated.ts': moduleOf(
    'supportCode',
    'The support functions, which are text in `support-text.ts`, assembled.',
    assembledSupport(),
    '../../wasm/index.ts',
  ),
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(assembledModules)) writeFileSync(new URL(path, root), text);
}
