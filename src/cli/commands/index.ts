import type { Command } from '../program/command.ts';
import { admit } from './admit.ts';
import { completionCommand } from './completion.ts';
import { conformance } from './conformance.ts';
import { dispatch } from './dispatch.ts';
import { identity } from './identity.ts';
import { inspect } from './inspect.ts';
import { newPlugin } from './new.ts';
import { prepare } from './prepare.ts';
import { vectors } from './vectors.ts';

/**
 * The table of commands, in the order in which the help lists them. To add one, write a file beside
 * this one and a row here, then run `npm run commands` for docs/COMMANDS.md.
 */
export const commands: readonly Command[] = [
  newPlugin,
  admit,
  conformance,
  inspect,
  dispatch,
  identity,
  prepare,
  vectors,
  completionCommand(() => commands),
];
