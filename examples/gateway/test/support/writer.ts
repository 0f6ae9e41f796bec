// Writes record after record, each after its module, until it is killed. Prints the number of each
// one that the store has accepted. Arguments: the address of the store, the first number.

import { numbered } from './numbered.ts';
import { storeAt } from './stores.ts';

const [address = '', first = '0'] = process.argv.slice(2);
const store = await storeAt(address);
for (let number = Number(first); ; number++) {
  const { record, module } = numbered(number);
  await store.modules.put(String(number), module);
  await store.records.put('a', record);
  process.stdout.write(`${number}\n`);
}
