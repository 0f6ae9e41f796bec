// Checks the width of lines and the wording of comments, strings and documents: `npm run
// check:prose`.
//   npm run check:prose -- src/cli docs    only files whose path begins with one of these
// Prose and comments have at most 100 columns, code 120. Rows of tables, URLs, fenced blocks and
// generated parts between `<!-- NAME:begin -->` and `<!-- NAME:end -->` may be wider. Modules named
// `*.generated.ts` are left out.
// scripts/prose-exceptions.json lists what may break a rule: a file and part of the line, or a file
// alone, whose phrases are then all allowed. Each has a reason.
// Prints `file:line: rule: text` for each fault. The exit code is 1 if there is one.
import { readdirSync, readFileSync } from 'node:fs';
import { type Exception, faultsOf, withoutExceptions } from './prose/faults.ts';

const root = new URL('../', import.meta.url);
const starts = process.argv.slice(2);

/** Folders of sources and of documents, with all folders in them. */
const sourceFolders = ['src', 'test', 'scripts', 'examples', 'fixtures/guest', 'templates'];
const documentFolders = ['abi', 'docs', 'examples', 'fixtures', 'templates'];

/** Folders of what a package manager or a compiler puts there. */
const foreign = ['node_modules', '.venv', '.go', 'target'];

/** Lists the files in a folder. It follows no link: one may lead back to the root. */
function filesIn(folder: string, recursive: boolean, ends: RegExp): string[] {
  const entries = readdirSync(new URL(`${folder}/`, root), { withFileTypes: true });
  const paths = entries.flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return recursive && !foreign.includes(entry.name) ? filesIn(path, true, ends) : [];
    return entry.isFile() && ends.test(path) && !path.endsWith('.generated.ts') ? [path] : [];
  });
  return paths.sort();
}

/** The exceptions, which are checked to have a reason. */
function readExceptions(): Exception[] {
  // The cast: the project's own file; the loop checks it.
  const exceptions = JSON.parse(
    readFileSync(new URL('scripts/prose-exceptions.json', root), 'utf8'),
  ) as Partial<Exception>[];
  return exceptions.map(({ file, text, reason }) => {
    if (!file || !reason) throw new Error('scripts/prose-exceptions.json: each needs file and reason');
    return { file, text, reason };
  });
}

const isAsked = (path: string): boolean => starts.length === 0 || starts.some((start) => path.startsWith(start));
const files = [
  ...sourceFolders.flatMap((folder) => filesIn(folder, true, /\.(tsx?|mjs)$/)),
  ...filesIn('.', false, /\.md$/),
  ...documentFolders.flatMap((folder) => filesIn(folder, true, /\.md$/)),
].filter(isAsked);
const faults = files.flatMap((file) => faultsOf(file, readFileSync(new URL(file, root), 'utf8')));
const { left, unused } = withoutExceptions(
  faults,
  readExceptions().filter(({ file }) => isAsked(file)),
);
for (const { file, line, rule, text } of left) console.log(`${file}:${line}: ${rule}: ${text.slice(0, 100)}`);
for (const { file, text } of unused)
  console.log(`scripts/prose-exceptions.json: ${file} needs no exception: ${text ?? 'its phrases'}`);
console.log(`${left.length + unused.length} faults in ${files.length} files`);
if (left.length + unused.length > 0 || files.length === 0) process.exitCode = 1;
