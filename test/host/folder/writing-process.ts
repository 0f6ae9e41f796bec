// A process that a test kills: it writes one record and the bytes of one name again and again, and
// prints the number of each write that has ended.
//   node test/host/folder/writing-process.ts FOLDER
import process from 'node:process';
import { FolderBytes, FolderRecords } from '../../../src/host/folder-store.ts';
import { contentsOf, RECORD } from './contents.ts';

const [folder = ''] = process.argv.slice(2);
const [records, bytes] = [new FolderRecords(`${folder}/records`), new FolderBytes(`${folder}/bytes`)];
for (let version = 1; ; version++) {
  const text = contentsOf(version);
  await Promise.all([records.put(RECORD, text), bytes.put(RECORD, new TextEncoder().encode(text))]);
  process.stdout.write(`${version}\n`);
}
