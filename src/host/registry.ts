import { reasonOf } from '../failure.ts';
import type { ModuleLimits } from '../metering/index.ts';
import { copyBytes } from '../module-source.ts';
import { sha256Hex } from '../sha256.ts';
import { type AdmittedPlugin, decodeAdmittedPlugin, encodeAdmittedPlugin } from './admitted-plugin.ts';
import { PluginHostError, type StoreName } from './host-error.ts';
import { idOf, type PluginId } from './key.ts';
import { canRunPrepared, preparationKey, prepareModule } from './prepared-module.ts';
import type { ByteStore, RecordStore } from './stores.ts';
import { timedBytes, timedRecords } from './timed-stores.ts';

/** Where a registry keeps what. */
export interface RegistryStores {
  readonly records: RecordStore;
  readonly modules: ByteStore;
  /** Where prepared modules are kept; `undefined` if they are not. */
  readonly prepared: ByteStore | undefined;
  /** What a module may contain: prepared modules depend on it. */
  readonly limits: ModuleLimits;
  /** How long a store may take to answer, in milliseconds. */
  readonly storeMs: number;
}

/** What a host keeps of its plugins from one start to the next, in the stores of the host. */
export class PluginRegistry {
  readonly #stores: RegistryStores;

  constructor(stores: RegistryStores) {
    const { records, modules, prepared, storeMs } = stores;
    this.#stores = {
      ...stores,
      records: timedRecords(records, storeMs),
      modules: timedBytes(modules, storeMs),
      prepared: prepared && timedBytes(prepared, storeMs),
    };
  }

  /** Whether prepared modules are kept. */
  get keepsPrepared(): boolean {
    return this.#stores.prepared !== undefined;
  }

  /**
   * Keeps a plugin: first the bytes of its module, then its record. So a record that is found has
   * its module.
   *
   * @returns a promise of the record as it is kept.
   * @throws PluginHostError `StoreFailed`.
   */
  async put(admitted: AdmittedPlugin, bytes: Uint8Array<ArrayBuffer>): Promise<AdmittedPlugin> {
    const { records, modules } = this.#stores;
    const { name, module_sha256: sha256 } = admitted;
    // A copy: the store may keep what it is given.
    await ask('modules', 'write a module', name, () => modules.put(sha256, bytes.slice()));
    const recorded = { ...admitted, prepared: await this.#prepare(admitted, bytes) };
    const text = encodeAdmittedPlugin(recorded);
    await ask('records', 'write a record', name, () => records.put(idOf(admitted), text));
    return recorded;
  }

  async #prepare(admitted: AdmittedPlugin, bytes: Uint8Array<ArrayBuffer>): Promise<AdmittedPlugin['prepared']> {
    const { prepared: store, limits } = this.#stores;
    if (store === undefined) return null;
    const prepared = prepareModule(admitted, bytes, limits);
    const sha256 = await sha256Hex(prepared);
    await ask('prepared', 'write a module', admitted.name, () => store.put(sha256, prepared));
    return { sha256, options: preparationKey(admitted, limits) };
  }

  /**
   * Reads the prepared module of a record.
   *
   * @returns a promise of a copy of its bytes, which are those that were recorded; `undefined` if
   * none were, or not for these limits or this engine.
   * @throws PluginHostError `StoreFailed`, also if there are no bytes or other ones.
   */
  async prepared(admitted: AdmittedPlugin): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { prepared: store, limits } = this.#stores;
    const { name, prepared } = admitted;
    if (store === undefined || prepared === null || !canRunPrepared(admitted)) return undefined;
    if (prepared.options !== preparationKey(admitted, limits)) return undefined;
    return await readBytes('prepared', store, prepared.sha256, name);
  }

  /**
   * Replaces a record whose module is kept already.
   *
   * @param before the text of the record that it replaces.
   * @returns a promise of the record as it is kept; `undefined` if the record was another one.
   * @throws PluginHostError `StoreFailed`, also if the store replaces nothing and has `before`.
   */
  async replace(
    before: string,
    admitted: AdmittedPlugin,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<AdmittedPlugin | undefined> {
    const recorded = { ...admitted, prepared: await this.#prepare(admitted, bytes) };
    const text = encodeAdmittedPlugin(recorded);
    const [id, subject, action] = [idOf(admitted), admitted.name, 'write a record'];
    const isReplaced = await ask('records', action, subject, () => this.#stores.records.replace(id, before, text));
    if (isReplaced) return recorded;
    if ((await this.record(id)) !== before) return undefined;
    // Whoever tried again would do so for ever.
    const reason = 'it did not replace the record that it has';
    throw new PluginHostError({ kind: 'StoreFailed', store: 'records', action, reason }, { subject });
  }

  /**
   * Forgets the record of a plugin. Its module stays: another record may have the same.
   *
   * @throws PluginHostError `StoreFailed`.
   */
  async delete(id: PluginId): Promise<void> {
    await ask('records', 'delete a record', id.name, () => this.#stores.records.delete(idOf(id)));
  }

  /**
   * Returns a record, as text; `undefined` if there is none.
   *
   * @throws PluginHostError `StoreFailed` or `MalformedRecord`.
   */
  async record(id: string): Promise<string | undefined> {
    const text: unknown = await ask('records', 'read a record', id, () => this.#stores.records.get(id));
    return text === undefined ? undefined : recordText(id, text);
  }

  /**
   * Whether the record of a plugin still names its module. Another process may have written one of
   * another module, or of a form that this version cannot read.
   *
   * @throws PluginHostError `StoreFailed`.
   */
  async isRecorded(admitted: AdmittedPlugin): Promise<boolean> {
    const id = idOf(admitted);
    try {
      const text = await this.record(id);
      if (text === undefined) return false;
      return readRecord(id, text).module_sha256 === admitted.module_sha256;
    } catch (error) {
      if (error instanceof PluginHostError && error.failure.kind === 'MalformedRecord') return false;
      throw error;
    }
  }

  /**
   * Returns all records. Each is what the store gave: perhaps no text.
   *
   * @throws PluginHostError `StoreFailed`.
   */
  async entries(): Promise<(readonly [id: string, text: unknown])[]> {
    const read = async () => [...(await this.#stores.records.entries())].map(checkedEntry);
    return await ask('records', 'read the records', undefined, read);
  }

  /**
   * Reads the module of a record.
   *
   * @returns a copy of its bytes, which are those that were admitted.
   * @throws PluginHostError `StoreFailed`, also if there are no bytes or other ones.
   */
  async module({ name, module_sha256: sha256 }: AdmittedPlugin): Promise<Uint8Array<ArrayBuffer>> {
    return await readBytes('modules', this.#stores.modules, sha256, name);
  }
}

/** @returns a promise of a copy of the bytes with this SHA-256. */
async function readBytes(
  store: 'modules' | 'prepared',
  bytesOf: ByteStore,
  sha256: string,
  subject: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const action = 'read a module';
  const stored = await ask(store, action, subject, () => bytesOf.get(sha256));
  const refuse = (reason: string): never => {
    throw new PluginHostError({ kind: 'StoreFailed', store, action, reason }, { subject });
  };
  const bytes = copyBytes(stored) ?? refuse(`it has no bytes with the SHA-256 ${sha256}`);
  return (await sha256Hex(bytes)) === sha256 ? bytes : refuse(`the bytes do not have the SHA-256 ${sha256}`);
}

function checkedEntry(entry: readonly [id: string, text: unknown]): readonly [id: string, text: unknown] {
  if (Array.isArray(entry) && typeof entry[0] === 'string') return entry;
  throw new TypeError('each record must be given back as a list of its id and its text');
}

/**
 * Returns what a store has for a key as a text: drivers of databases like to parse JSON.
 *
 * @throws PluginHostError `MalformedRecord`.
 */
export function recordText(subject: string, text: unknown): string {
  if (typeof text === 'string') return text;
  const reason = `the store must give back the text that it was given, not a value of type ${typeof text}`;
  throw new PluginHostError({ kind: 'MalformedRecord', path: '$', reason }, { subject });
}

/**
 * Reads a record, and checks that it is stored under its own key.
 *
 * @throws PluginHostError `MalformedRecord`.
 */
export function readRecord(id: string, text: string): AdmittedPlugin {
  const admitted = decodeAdmittedPlugin(text);
  if (idOf(admitted) === id) return admitted;
  const reason = 'it is stored under the key of another plugin';
  throw new PluginHostError({ kind: 'MalformedRecord', path: '$.name', reason }, { subject: id });
}

/** @param action in words, after "failed to". */
async function ask<T>(
  store: StoreName,
  action: string,
  subject: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new PluginHostError({ kind: 'StoreFailed', store, action, reason }, { cause, subject });
  }
}
