import { reasonOf } from '../failure.ts';
import { copyBytes } from '../module-source.ts';
import { sha256Hex } from '../sha256.ts';
import { type AdmittedPlugin, decodeAdmittedPlugin, encodeAdmittedPlugin } from './admitted-plugin.ts';
import { PluginHostError, type StoreName } from './host-error.ts';
import { idOf, type PluginId } from './key.ts';
import type { ByteStore, RecordStore } from './stores.ts';

/** What a host keeps of its plugins from one start to the next, in the stores of the host. */
export class PluginRegistry {
  readonly #records: RecordStore;
  readonly #modules: ByteStore;

  constructor(records: RecordStore, modules: ByteStore) {
    this.#records = records;
    this.#modules = modules;
  }

  /**
   * Keeps a plugin: first the bytes of its module, then its record. So a record that is found has
   * its module.
   *
   * @throws PluginHostError `StoreFailed`.
   */
  async put(admitted: AdmittedPlugin, bytes: Uint8Array): Promise<void> {
    const { name, module_sha256: sha256 } = admitted;
    // A copy: the store may keep what it is given.
    await ask('modules', 'write a module', name, () => this.#modules.put(sha256, bytes.slice()));
    const text = encodeAdmittedPlugin(admitted);
    await ask('records', 'write a record', name, () => this.#records.put(idOf(admitted), text));
  }

  /**
   * Replaces a record whose module is kept already.
   *
   * @param before the text of the record that it replaces.
   * @returns whether the record was still that one.
   * @throws PluginHostError `StoreFailed`.
   */
  async replace(before: string, admitted: AdmittedPlugin): Promise<boolean> {
    const text = encodeAdmittedPlugin(admitted);
    const replace = () => this.#records.replace(idOf(admitted), before, text);
    return await ask('records', 'write a record', admitted.name, replace);
  }

  /**
   * Forgets the record of a plugin. Its module stays: another record may have the same.
   *
   * @throws PluginHostError `StoreFailed`.
   */
  async delete(id: PluginId): Promise<void> {
    await ask('records', 'delete a record', id.name, () => this.#records.delete(idOf(id)));
  }

  /**
   * Returns a record, as text; `undefined` if there is none.
   *
   * @throws PluginHostError `StoreFailed`.
   */
  async record(id: string): Promise<string | undefined> {
    return await ask('records', 'read a record', id, () => this.#records.get(id));
  }

  /**
   * Whether the record of a plugin still names its module. Another process may have written one of
   * another module, or of a form that this version cannot read.
   *
   * @throws PluginHostError `StoreFailed`.
   */
  async isRecorded(admitted: AdmittedPlugin): Promise<boolean> {
    const id = idOf(admitted);
    const text = await this.record(id);
    if (text === undefined) return false;
    try {
      return readRecord(id, text).module_sha256 === admitted.module_sha256;
    } catch (error) {
      if (error instanceof PluginHostError) return false;
      throw error;
    }
  }

  /**
   * Returns all records, as texts.
   *
   * @throws PluginHostError `StoreFailed`.
   */
  async entries(): Promise<(readonly [id: string, text: string])[]> {
    return [...(await ask('records', 'read the records', undefined, () => this.#records.entries()))];
  }

  /**
   * Reads the module of a record.
   *
   * @returns a copy of its bytes, which are those that were admitted.
   * @throws PluginHostError `StoreFailed`, also if there are no bytes or other ones.
   */
  async module({ name: subject, module_sha256: sha256 }: AdmittedPlugin): Promise<Uint8Array<ArrayBuffer>> {
    const stored = await ask('modules', 'read a module', subject, () => this.#modules.get(sha256));
    const refuse = (reason: string): never => {
      throw new PluginHostError(
        { kind: 'StoreFailed', store: 'modules', action: 'read a module', reason },
        { subject },
      );
    };
    const bytes = copyBytes(stored) ?? refuse(`it has no bytes with the SHA-256 ${sha256}`);
    return (await sha256Hex(bytes)) === sha256 ? bytes : refuse(`the bytes do not have the SHA-256 ${sha256}`);
  }
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
