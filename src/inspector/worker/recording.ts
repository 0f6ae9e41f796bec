import type { LogEvent, Telemetry } from '../../telemetry.ts';
import { cutText } from '../call/cut-text.ts';
import type { CounterTotal, Recorded } from '../call/report.ts';

/** What is kept of what a plugin logs and counts: it can do so for ever. */
const KEPT = { logs: 200, characters: 2_000, counters: 200 } as const;

/** A total under way. */
interface Total {
  readonly name: string;
  readonly labels: string;
  sum: bigint;
  times: number;
}

/** Keeps the first of what a plugin logs, and the sums of what it counts. */
export class Recording implements Telemetry {
  readonly #logs: LogEvent[] = [];
  readonly #totals = new Map<string, Total>();
  #moreLogs = 0;
  #moreCounters = 0;

  log(event: LogEvent): void {
    if (this.#logs.length === KEPT.logs) this.#moreLogs++;
    else this.#logs.push({ ...event, message: shortened(event.message) });
  }

  counter(name: string, value: number | bigint, labels: Readonly<Record<string, string>>): void {
    const shown = shortened(name);
    const labelText = Object.entries(labels)
      .map(([label, text]) => `${label}=${shortened(text)}`)
      .join(', ');
    const key = JSON.stringify([shown, labelText]);
    const total = this.#totals.get(key) ?? { name: shown, labels: labelText, sum: 0n, times: 0 };
    if (total.times === 0 && this.#totals.size === KEPT.counters) {
      this.#moreCounters++;
      return;
    }
    // The protocol counts in whole numbers.
    total.sum += BigInt(value);
    total.times++;
    this.#totals.set(key, total);
  }

  /** What was recorded, as plain values. */
  report(): Recorded {
    return {
      logs: this.#logs,
      moreLogs: this.#moreLogs,
      counters: Array.from(
        this.#totals.values(),
        ({ name, labels, sum, times }): CounterTotal => ({ name, labels, total: String(sum), times }),
      ),
      moreCounters: this.#moreCounters,
    };
  }
}

function shortened(text: string): string {
  const { text: shown, more } = cutText(text, KEPT.characters);
  return more === 0 ? shown : `${shown}… (${more} more characters)`;
}
