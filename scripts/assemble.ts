// Assembles the functions that are text, and writes them into modules under src: `npm run
// generate`. A test checks that the modules are up to date.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RelocatableFunction } from '../src/wasm/index.ts';
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

/** The modules: their texts by their paths from the root of the repository. */
export const assembledModules: Readonly<Record<string, string>> = {
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
