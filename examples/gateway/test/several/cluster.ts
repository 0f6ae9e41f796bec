import { serve } from '../../serve.ts';
import { type Child, startChild } from '../support/child.ts';
import { pause } from '../support/stores.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { stampedDialect } from './stamped-dialect.ts';
import { TOKEN } from './traffic.ts';

/** A gateway in a process of its own. */
export interface Member {
  readonly child: Child;
  readonly proxy: string;
  readonly admin: string;
}

/** Several gateways on one store, behind a balancer, before one upstream. */
export interface Cluster {
  readonly balancer: Balancer;
  readonly members: Member[];
  /** Starts one more gateway, and lets the balancer know. */
  grow(): Promise<Member>;
  /** Ends a gateway with SIGKILL, without a word to the balancer. */
  kill(member: Member): Promise<void>;
  close(): Promise<void>;
}

export async function startCluster(address: string, size: number): Promise<Cluster> {
  const place = { hostname: '127.0.0.1', port: 0 };
  // It answers with the stamp that it got.
  const upstream = await serve((request) => new Response(request.headers.get('anthropic-version')), place);
  const members: Member[] = [];
  const balancer = await startBalancer([]);
  const grow = async (): Promise<Member> => {
    const child = startChild(new URL('gateway-process.ts', import.meta.url), [address, upstream.url]);
    const line = await child.lines.next();
    if (line.done === true) throw new Error('the gateway ended before it served');
    const member = { child, ...JSON.parse(line.value) };
    members.push(member);
    balancer.targets = members.map(({ proxy }) => proxy);
    return member;
  };
  for (let index = 0; index < size; index++) await grow();
  return {
    balancer,
    members,
    grow,
    kill: async (member) => {
      await member.child.kill();
      members.splice(members.indexOf(member), 1);
    },
    close: async () => {
      await Promise.all(members.map(({ child }) => child.kill()));
      balancer.close();
      await upstream.close();
    },
  };
}

const authorization = `Bearer ${TOKEN}`;

/**
 * Uploads a version of the plugin.
 *
 * @returns a promise of the status; 0 if there was no answer.
 */
export async function upload({ admin }: Member, version: number): Promise<number> {
  const init = { method: 'PUT', headers: { authorization }, body: stampedDialect(version) };
  return await statusOf(`${admin}/plugins/dialect`, init);
}

/** Removes the plugin. */
export async function remove({ admin }: Member): Promise<number> {
  return await statusOf(`${admin}/plugins/dialect`, { method: 'DELETE', headers: { authorization } });
}

async function statusOf(url: string, init: RequestInit): Promise<number> {
  try {
    const response = await fetch(url, init);
    await response.arrayBuffer();
    return response.status;
  } catch {
    // The gateway was killed.
    return 0;
  }
}

/** Returns the version that a gateway lists; `undefined` if it has no plugin. */
export async function listedVersion({ admin }: Member): Promise<number | undefined> {
  const plugins = await (await fetch(`${admin}/plugins`, { headers: { authorization } })).json();
  return plugins.length === 0 ? undefined : Number.parseInt(plugins[0].version, 10);
}

/** Waits until a gateway lists a version. @returns a promise of the milliseconds that it took. */
export async function untilListed(member: Member, version: number | undefined): Promise<number> {
  const askedAt = performance.now();
  while ((await listedVersion(member)) !== version) {
    if (performance.now() - askedAt > 5_000) throw new Error(`after 5 s a gateway has no version ${version}`);
    await pause(2);
  }
  return performance.now() - askedAt;
}
