import type { Measurement } from '../report.ts';

/** A measurement. A limit that is missing or not finite is left out: JSON has no number for it. */
export function measuredOf(value: number, unit: Measurement['unit'], limit: number | undefined): Measurement {
  return { value, unit, ...(limit !== undefined && Number.isFinite(limit) && { limit }) };
}
