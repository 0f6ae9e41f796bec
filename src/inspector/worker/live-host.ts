import { formatHex } from '../../inspection/module-types.ts';
import type { HostFunction } from '../../kernel/index.ts';
import { decodeUtf8 } from '../../kernel/index.ts';
import { HostState, hostFunctions } from '../../protocol/host-functions.ts';
import type { Telemetry } from '../../telemetry.ts';
import { cutText } from '../call/cut-text.ts';
import type { CutText, HostContents } from '../call/report.ts';
import { type CallSettings, storageQuotaOf } from '../call/settings.ts';

/** What is shown of a storage. */
const SHOWN = { entries: 100, keyCharacters: 200, characters: 500, bytes: 64 } as const;

/** The host of a plugin of generation 1: what the plugin stores stays from call to call. */
export class LiveHost {
  /** The name under which it stores. */
  readonly pluginName: string;
  readonly #state = new HostState();
  readonly #settings: CallSettings;
  #clockReads = 0;
  #randomBytes = 0;

  constructor(pluginName: string, settings: CallSettings) {
    this.pluginName = pluginName;
    this.#settings = settings;
  }

  /** The functions that the plugin imports. */
  functions(telemetry: Telemetry): HostFunction[] {
    const { clockMs, isRandomFixed } = this.#settings;
    return hostFunctions({
      pluginName: this.pluginName,
      storageQuotaBytes: storageQuotaOf(this.#settings),
      state: this.#state,
      telemetry,
      clock: () => {
        this.#clockReads++;
        return clockMs ?? Date.now();
      },
      fillRandom: (bytes) => {
        this.#randomBytes += bytes.length;
        if (isRandomFixed) for (const index of bytes.keys()) bytes[index] = index;
        else crypto.getRandomValues(bytes);
      },
    });
  }

  /** Begins to count anew what a call asks for. */
  beginCall(): void {
    this.#clockReads = 0;
    this.#randomBytes = 0;
  }

  /** Forgets what the plugin stored. */
  clear(): void {
    this.#state.clear(this.pluginName);
  }

  /** What is stored, and what the call asked for. */
  contents(): HostContents {
    const stored = this.#state.entries(this.pluginName);
    const entries = stored.slice(0, SHOWN.entries);
    return {
      usedBytes: this.#state.list().find(({ name }) => name === this.pluginName)?.usedBytes ?? 0,
      quotaBytes: storageQuotaOf(this.#settings),
      entries: entries.map(([key, value]) => ({
        key: cutText(key, SHOWN.keyCharacters).text,
        bytes: value.length,
        value: valueText(value),
      })),
      moreEntries: stored.length - entries.length,
      clockReads: this.#clockReads,
      randomBytes: this.#randomBytes,
    };
  }
}

/** Shows bytes as text if they are UTF-8, else as hexadecimal digits. */
function valueText(bytes: Uint8Array): CutText {
  const text = decodeUtf8(bytes);
  return text === undefined ? hexText(bytes) : cutText(text, SHOWN.characters);
}

/** Shows the first bytes as hexadecimal digits. `more` counts bytes. */
export function hexText(bytes: Uint8Array, shown: number = SHOWN.bytes): CutText {
  return { text: formatHex(bytes.subarray(0, shown)), more: Math.max(0, bytes.length - shown) };
}
