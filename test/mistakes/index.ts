import { answerMistakes } from './answers.ts';
import { handshakeMistakes } from './handshake.ts';
import { hookMistakes } from './hooks.ts';
import { identityMistakes } from './identity.ts';
import { importMistakes } from './imports.ts';
import type { Mistake } from './mistake.ts';
import { selfCheckMistakes } from './self-check.ts';
import { valueMistakes } from './values.ts';

/** The mistakes of docs/MISTAKES.md by section, in its order. */
export const mistakes: Readonly<Record<string, readonly Mistake[]>> = {
  'The file and its identity': identityMistakes,
  Imports: importMistakes,
  'The handshake and the exports': handshakeMistakes,
  'The self-check': selfCheckMistakes,
  'Calls and answers': answerMistakes,
  'Values in requests and answers': valueMistakes,
  'Plugins of the hook ABI': hookMistakes,
};
