import type { Command } from '../program/command.ts';
import { admit } from './admit.ts';
import { conformance } from './conformance.ts';
import { dispatch } from './dispatch.ts';
import { inspect } from './inspect.ts';
import { prepare } from './prepare.ts';

/** All commands, in the order in which the help lists them. A new one is a file of its own and a row here. */
export const commands: readonly Command[] = [admit, conformance, inspect, dispatch, prepare];
