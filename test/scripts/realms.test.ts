// Classes that every realm has for itself: src/realms.ts recognises their instances, and nothing
// else in src asks `instanceof` for one.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const rule = suite('values of other realms');

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where a value is asked for its class that this realm made for certain, and why that is so. */
const own: Readonly<Record<string, string>> = {
  'src/realms.ts Error': 'asked first, since most errors are of this realm',
  'src/wasm/emit/section-writer.ts Uint8Array': 'a part that the package wrote',
  'src/wasm/encoding/file-kind.ts RegExp': 'an entry of a table in the file',
  'src/conformance/vectors/bytes.ts Uint8Array': 'decoded by the package',
  'src/cli/prepared/plugin-file.ts WebAssembly.Module': 'compiled by the package',
  'src/cli/reports/hook-answer-text.ts Uint8Array': 'decoded by the package',
  'src/cli/commands/identity.ts Uint8Array': 'written by the package',
  'src/host/folder-store.ts Error': 'what a function of node:fs throws',
  'src/cli/prepared/confined-process.ts Error': 'what a function of Node throws',
  'src/cli/program/line-program.ts Error': 'what a function of Node throws',
  'src/cli/program/process-io.ts Error': 'what a stream of Node ends with',
  'src/cli/program/folders.ts Error': 'what a function of node:fs throws',
  'src/cli/program/input-file.ts Error': 'what a function of node:fs throws',
  'src/cli/main.ts Error': 'thrown in the program',
};

const ASKS = /\binstanceof ((?:WebAssembly\.)?[A-Z]\w*)/g;

/** Whether a name is that of a class that every realm has. */
function isOfAllRealms(name: string): boolean {
  const [first = '', second] = name.split('.');
  const found: unknown = Reflect.get(globalThis, first);
  return second === undefined ? typeof found === 'function' : true;
}

rule('instanceof asks for no class that every realm has', () => {
  const found = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const path = `src/${name.replaceAll('\\', '/')}`;
      const code = readFileSync(join(root, path), 'utf8').replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '');
      return [...code.matchAll(ASKS)].flatMap(([, name = '']) => (isOfAllRealms(name) ? [`${path} ${name}`] : []));
    });
  assert.equal([...new Set(found)].sort(), Object.keys(own).sort());
});

rule.run();
