// Several gateways on one PostgreSQL, behind a balancer, over real HTTP: what one changes reaches
// all, also if one of them is killed and the database restarts.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Cluster,
  listedVersion,
  type Member,
  remove,
  startCluster,
  untilListed,
  upload,
} from './several/cluster.ts';
import { type Answer, send, startTraffic } from './several/traffic.ts';
import { postgresServer } from './support/databases.ts';
import { pause } from './support/stores.ts';

/** Within this time a change is everywhere, if the machine lets all processes run. */
const EVERYWHERE_MS = 1_000;

/** How often it is measured for how long the machine does not let this process run. */
const TICK_MS = 20;

/** The longest time for which this process, and so perhaps a gateway, did not run. */
let stalledMs = 0;
let tickedAt = performance.now();
const ticks = setInterval(() => {
  const now = performance.now();
  stalledMs = Math.max(stalledMs, now - tickedAt - TICK_MS);
  tickedAt = now;
}, TICK_MS);
ticks.unref();

/** On a busy machine a second is longer. On an idle one this is a second. */
const everywhereMs = (): number => EVERYWHERE_MS + 2 * stalledMs;

/** A change that a gateway has answered. `version` is `undefined` after a removal. */
interface Change {
  readonly version: number | undefined;
  readonly answeredAt: number;
}

/** When no gateway could reach the database. */
interface Outage {
  readonly from: number;
  readonly to: number;
}

/** When the others can have heard of a change: not before the database is back. */
function heardAt({ answeredAt }: Change, outages: readonly Outage[]): number {
  const outage = outages.find(({ from, to }) => answeredAt + everywhereMs() >= from && answeredAt <= to);
  return outage === undefined ? answeredAt : outage.to;
}

/**
 * Checks that nobody was answered by a plugin that was replaced or removed more than a second
 * before the request.
 *
 * @param changes one after the other.
 */
function assertCurrent(answers: readonly Answer[], changes: readonly Change[], outages: readonly Outage[] = []): void {
  for (const { begunAt, status, version } of answers) {
    if (status !== 200) continue;
    const settled = changes.findLastIndex((change) => heardAt(change, outages) + everywhereMs() <= begunAt);
    // That change, or a later one that was under way or not everywhere yet.
    const possible = changes.slice(Math.max(0, settled)).map((change) => change.version);
    assert.ok(possible.includes(version), `version ${version}, but possible were ${possible}`);
  }
}

const medianOf = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

/** The member in turn. */
function turnOf({ members }: Cluster, turn: number): Member {
  const member = members[turn % members.length];
  if (member === undefined) throw new Error('no gateway is left');
  return member;
}

const several = suite('several gateways');

if (postgresServer !== undefined) {
  const server = postgresServer;

  /** Starts gateways with version 1 of the plugin, and closes them after the work. */
  const withCluster = async (size: number, work: (cluster: Cluster) => Promise<void>): Promise<void> => {
    const cluster = await startCluster(await server.newDatabase(), size);
    try {
      assert.is(await upload(turnOf(cluster, 0), 1), 201);
      for (const member of cluster.members) await untilListed(member, 1);
      await work(cluster);
    } finally {
      await cluster.close();
    }
  };

  for (const size of [1, 2]) {
    several(`swap and remove a plugin under load: ${size} of them`, () =>
      withCluster(size, async (cluster) => {
        const traffic = startTraffic(cluster.balancer.url, 4);
        const changes: Change[] = [{ version: 1, answeredAt: 0 }];
        const late: number[] = [];
        const change = async (version: number | undefined): Promise<void> => {
          const at = turnOf(cluster, changes.length);
          // Known before it is answered: a request may meet it at once.
          const index = changes.push({ version, answeredAt: Number.POSITIVE_INFINITY }) - 1;
          const status = version === undefined ? await remove(at) : await upload(at, version);
          assert.ok(status >= 200 && status < 300, `${status}`);
          changes[index] = { version, answeredAt: performance.now() };
          assert.is((await send(at.proxy)).version, version, 'at once where it was made');
          for (const member of cluster.members) if (member !== at) late.push(await untilListed(member, version));
        };
        const begunAt = performance.now();
        for (let round = 2; round < 32; round++) {
          await change(round);
          await pause(50);
          if (round % 10 !== 0) continue;
          await change(undefined);
          // Long enough for requests that must not meet it any more.
          await pause(everywhereMs() + 300);
        }
        await traffic.stop();
        const seconds = (performance.now() - begunAt) / 1000;
        assert.is(traffic.lost(), 0);
        assert.ok(traffic.answers.every(({ status }) => status === 200));
        assertCurrent(traffic.answers, changes);
        const max = Math.max(0, ...late);
        assert.ok(max < everywhereMs(), `${max} ms, but this process stood still for ${stalledMs} ms at most`);
        const rate = (traffic.answers.length / seconds).toFixed(0);
        console.log(
          `${size} of them: ${traffic.answers.length} requests (${rate} a second), ${changes.length - 1} changes, ` +
            `at another gateway after ${medianOf(late).toFixed(0)} ms, at most ${max.toFixed(0)} ms; none lost; ` +
            `the machine held this process up for at most ${stalledMs.toFixed(0)} ms`,
        );
      }),
    );
  }

  several('go on when one is killed and the database restarts', () =>
    withCluster(2, async (cluster) => {
      const traffic = startTraffic(cluster.balancer.url, 4);
      const changes: Change[] = [{ version: 1, answeredAt: 0 }];
      const counts = { accepted: 0, refused: 0, unanswered: 0 };
      let version = 1;
      /** Swaps until a gateway accepts. */
      const swap = async (): Promise<void> => {
        for (;;) {
          version++;
          const index = changes.push({ version, answeredAt: Number.POSITIVE_INFINITY }) - 1;
          const status = await upload(turnOf(cluster, version), version);
          if (status === 200) {
            changes[index] = { version, answeredAt: performance.now() };
            counts.accepted++;
            return;
          }
          // It may have been written all the same.
          if (status === 0) counts.unanswered++;
          else counts.refused++;
          assert.ok(status === 0 || status === 503, `${status}`);
          await pause(20);
        }
      };
      const swapFor = async (ms: number): Promise<void> => {
        for (const endsAt = performance.now() + ms; performance.now() < endsAt; ) await swap();
      };
      const everywhere = async (): Promise<void> => {
        for (const member of cluster.members) await untilListed(member, version);
      };
      await swapFor(1_000);

      // One is killed in the middle of a swap, and the other one serves alone.
      const victim = turnOf(cluster, version + 1);
      const swapping = swap();
      await pause(5);
      await cluster.kill(victim);
      const killedAt = performance.now();
      await swapping;
      await swapFor(1_000);
      await everywhere();
      const replacement = await cluster.grow();
      assert.is(await listedVersion(replacement), version, 'it starts with what the store has');

      // The database crashes, and is away for a second.
      const duringOutage = traffic.answers.length;
      const outages: Outage[] = [];
      const restart = async (way: 'crash' | 'shutdown', awayMs: number): Promise<void> => {
        const from = performance.now();
        await server.restart(way, awayMs);
        outages.push({ from, to: performance.now() });
      };
      const restarting = restart('crash', 1_000);
      await swapFor(1_000);
      const served = traffic.answers.length - duringOutage;
      await restarting;
      await swapFor(1_000);
      await everywhere();

      // And with a shutdown, while a plugin is removed.
      const restartingAgain = restart('shutdown', 300);
      const index = changes.push({ version: undefined, answeredAt: Number.POSITIVE_INFINITY }) - 1;
      let status = 0;
      while (status !== 204 && status !== 404) {
        status = await remove(turnOf(cluster, 0));
        await pause(20);
      }
      changes[index] = { version: undefined, answeredAt: performance.now() };
      await restartingAgain;
      for (const member of cluster.members) await untilListed(member, undefined);
      await pause(everywhereMs() + 500);
      await traffic.stop();

      const failed = traffic.answers.filter((answer) => answer.status !== 200);
      assertCurrent(traffic.answers, changes, outages);
      assert.is(traffic.lost(), 0);
      assert.ok(served > 0 && counts.refused > 0, 'the database was away');
      assert.ok(
        failed.every((answer) => answer.status === 502 && answer.begunAt < killedAt),
        `only what was under way at the gateway that was killed breaks off: ${JSON.stringify(failed)}, ${killedAt}`,
      );
      console.log(
        `SIGKILL of 1 of 2 gateways, 2 restarts of the database: ${traffic.answers.length} requests, ` +
          `${failed.length} broken off with the gateway, ${cluster.balancer.moved()} moved to the other one, ` +
          `${served} answered while the database was away; swaps: ${counts.accepted} accepted, none lost, ` +
          `${counts.refused} refused, ${counts.unanswered} unanswered`,
      );
    }),
  );
}

several.run();
