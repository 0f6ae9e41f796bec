// A process that is killed while it writes leaves the old state or the new one.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startChild } from './support/child.ts';
import { databases } from './support/databases.ts';
import { numbered } from './support/numbered.ts';
import { pause, storeAt } from './support/stores.ts';

/** How often a writer is killed. With PostgreSQL only its connections die. */
const KILLS: Readonly<Record<string, number>> = { SQLite: 200, PostgreSQL: 20 };

for (const [name, make] of databases) {
  const kills = KILLS[name] ?? 0;
  const killing = suite(`a store on ${name} whose writer is killed ${kills} times`);

  killing('has the last record that was accepted, or the next one', async () => {
    const address = await make();
    const store = await storeAt(address);
    let next = 0;
    let inBetween = 0;
    for (let kill = 0; kill < kills; kill++) {
      const child = startChild(new URL('support/writer.ts', import.meta.url), [address, String(next)]);
      const first = await child.lines.next();
      // From at once to after several more records.
      await pause((kill % 20) * 1.5);
      await child.kill();
      let accepted = Number(first.value);
      for await (const line of child.lines) accepted = Number(line);
      const text = (await store.records.get('a')) ?? '';
      const { number } = JSON.parse(text);
      assert.ok(number === accepted || number === accepted + 1, `${number} after ${accepted} was accepted`);
      assert.is(text, numbered(number).record);
      assert.equal(await store.modules.get(String(number)), numbered(number).module);
      if (number > accepted) inBetween++;
      next = number + 1;
    }
    console.log(`${name}: ${kills} kills, ${next} records, ${inBetween} written but not answered, none cut`);
    await store.close();
  });

  killing.run();
}
