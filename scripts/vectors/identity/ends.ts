import { failuresIn } from '../ends.ts';
import { payload } from './messages.ts';

/** The end with an identity, which a host writes with its fields in declared order. */
export const identified = (changes: object = {}): object => ({ response: payload(changes) });

/** The end with a failure. */
export const unidentified = failuresIn('identity');
