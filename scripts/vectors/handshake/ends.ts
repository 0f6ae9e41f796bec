import { failuresIn } from '../ends.ts';

/** The end with a failure. */
export const refused = failuresIn('handshake');

/** The end with a violation of the offer, or of the accept against it. */
export const violation = (kind: string, fields?: object): object =>
  refused('Validation', { violation: { kind, ...fields } });

/** The end with an accept, as a host writes it, and the slots of the plugin. */
export const accepted = (response: string, ...slots: readonly string[]): object => ({ response, slots });
