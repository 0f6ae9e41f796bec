import { GLOBAL_PRINCIPAL } from 'cc-lb-runtime-protocol/hooks';
import type { AdmittedPlugin, PluginHost, PluginLease } from 'cc-lb-runtime-protocol/host';

/** What a plugin does for a request. A plugin can do several of these. */
export const roles = ['filter', 'shape', 'sign', 'observe'] as const;
/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** Returns the roles that a plugin can take. */
export function rolesOf(plugin: AdmittedPlugin): Role[] {
  return plugin.kind === 'hooks' ? [plugin.slot] : roles.filter((role) => hasFunction(plugin, role));
}

/** Whether a plugin is of generation 1 and has a function. */
export function hasFunction(plugin: AdmittedPlugin, name: string): boolean {
  return plugin.kind === 'protocol' && Object.hasOwn(plugin.record.augmented_metadata.negotiated_functions, name);
}

/**
 * Lists the plugins that can serve a client in a role. The first one is used; of observers, all.
 *
 * The rule: the client's own plugins come before those of `__global__`, and among them the order is
 * that of their names.
 */
export function pluginsFor(role: Role, principal: string, all: readonly AdmittedPlugin[]): AdmittedPlugin[] {
  const own = (plugin: AdmittedPlugin): boolean => plugin.principal === principal;
  return all
    .filter((plugin) => (own(plugin) || plugin.principal === GLOBAL_PRINCIPAL) && rolesOf(plugin).includes(role))
    .sort((one, other) => Number(own(other)) - Number(own(one)) || (one.name < other.name ? -1 : 1));
}

/**
 * The plugins of one request. It takes them once, so a swap in the middle of the request does not
 * change who answers it, and holds them until its response has ended.
 */
export class RequestPlugins {
  readonly filter: PluginLease | undefined;
  readonly shape: PluginLease | undefined;
  readonly sign: PluginLease | undefined;
  readonly observers: readonly PluginLease[];
  readonly #leases = new Map<AdmittedPlugin, PluginLease>();

  /** @param principal the id of the client. */
  constructor(host: PluginHost, principal: string) {
    const all = host.list();
    const leases = (role: Role): PluginLease[] =>
      pluginsFor(role, principal, all).map((plugin) => this.#lease(host, plugin));
    this.filter = leases('filter')[0];
    this.shape = leases('shape')[0];
    this.sign = leases('sign')[0];
    this.observers = leases('observe');
  }

  /** Names who answers: `filter=router@3f2a90c1, shape=dialect@77aa01be`. */
  describe(): string {
    const used = { filter: this.filter, shape: this.shape, sign: this.sign };
    return Object.entries(used)
      .flatMap(([role, lease]) => (lease === undefined ? [] : [`${role}=${label(lease.admitted)}`]))
      .join(', ');
  }

  /** Ends all leases. */
  async release(): Promise<void> {
    await Promise.all(Array.from(this.#leases.values(), (lease) => lease.release()));
  }

  #lease(host: PluginHost, plugin: AdmittedPlugin): PluginLease {
    const lease = this.#leases.get(plugin) ?? host.lease(plugin);
    this.#leases.set(plugin, lease);
    return lease;
  }
}

/** Shows a name, which may have any characters, and the hash of a module in a header. */
function label({ name, module_sha256: sha256 }: AdmittedPlugin): string {
  return `${name.slice(0, 64).replace(/[^\w.-]/g, '?')}@${sha256.slice(0, 8)}`;
}
