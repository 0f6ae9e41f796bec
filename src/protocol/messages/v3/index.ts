import { filter, perCandidateReasonWire } from './filter.ts';

/** The type that v3 adds. */
export const types = { PerCandidateReasonWire: perCandidateReasonWire } as const;

/** The wire function of v3; it is still offered as version 1. */
export const v3 = { filter } as const;
