import { hookNames } from '../../hooks/index.ts';
import { allWireFunctions } from '../../protocol/messages/index.ts';
import { wireVersions } from '../../protocol/messages/wire-versions.ts';
import type { Output } from '../output/terminal.ts';
import { PREPARED_RULE, reportOnPlugin } from '../prepared/plugin-file.ts';
import { defineCommand } from '../program/command.ts';
import { CommandLineError } from '../program/command-line-error.ts';
import { STDIN } from '../program/input-file.ts';
import { callOptions } from './call-options.ts';
import { dispatchFunction } from './dispatch-function.ts';
import { dispatchHook } from './dispatch-hook.ts';
import { generationFor } from './generation.ts';
import {
  capabilityOption,
  configOption,
  fileOperand,
  hostFunctionsOption,
  limitOption,
  slotOption,
} from './options.ts';
import { DRY_RUN } from './request-file.ts';

const options = {
  request: { value: 'FILE', summary: `the same as REQUEST; ${DRY_RUN} is the sample` },
  sample: { summary: 'call with the sample request, as without REQUEST' },
  'host-capability': capabilityOption,
  'host-functions': hostFunctionsOption,
  config: configOption,
  slot: slotOption,
  limit: limitOption,
  ...callOptions,
  'wire-version': {
    value: 'VERSION',
    formerly: 'version',
    choices: wireVersions.toReversed(),
    summary: 'the wire version of the request; by default the newest that declares FUNCTION',
    only: { generation: 1, because: 'the messages of a hook have one version' },
  },
} as const;

const dispatchers = { 1: dispatchFunction, 2: dispatchHook } as const;

/** `dispatch FILE FUNCTION`: admission, then one call. */
export const dispatch = defineCommand({
  name: 'dispatch',
  summary: 'Admits a plugin and calls one of its wire functions or hooks',
  description: [
    'Admits the plugin, makes one call, and prints the response. The request is a JSON file. By',
    'default it is the sample that admission uses. A call has the budgets of a host that',
    'dispatches: 5,000 ms and 1,000,000,000 fuel. --fuel and --wall-ms change them, in',
    'generation 1 also for building the plugin. With none for both, a plugin that loops never ends.',
    '',
    'With --repeat the same plugin is called again and again. The last response is printed, or the',
    'first failure, and on standard error the median time and fuel of a call, the 90th and 99th',
    'percentile, and the greatest. With --json they are in `calls`.',
    '',
    'Generation 1: the request is JSON as on the wire; the negotiated version replaces a `_v` in',
    'it. The response is printed as JSON. If the call fails, the fallback of a host is printed,',
    'and why. The plugin has 32 pages of memory at first and 32 of growth, and the six host',
    'functions, with storage in memory. Its logs and counters go to standard error.',
    '',
    'Generation 2: abi/schemas/hooks has a schema of each request. The bytes of a field NAME are',
    'base64 in NAME_base64, and the variant of an enum is named by `kind`. The response is printed',
    'as text, in which bytes that are UTF-8 are shown as such, and with --json in the same form as',
    'a request. If the call fails, its phase is printed, and what to do.',
    '',
    ...PREPARED_RULE,
  ],
  operands: {
    FILE: fileOperand,
    FUNCTION: {
      summary: 'the wire function, or the hook',
      choices: [...allWireFunctions, ...hookNames.filter((name) => !isWireFunction(name))],
    },
    REQUEST: { summary: 'the request: a file, or - for standard input; the sample if missing', optional: true },
  },
  options,
  exits: {
    0: 'the plugin answered',
    1: 'the plugin is rejected, or the call failed, so that a host would go on without the plugin',
    2: 'the arguments are wrong, a file cannot be read, or the request is not a request of FUNCTION',
  },
  examples: [
    { line: 'dispatch router.wasm filter', meaning: 'what is the response to the sample request?' },
    { line: 'dispatch router.wasm filter request.json --repeat 1000', meaning: 'how long does a call take?' },
    {
      line: 'dispatch dialect.wasm shape request.json | jq .url',
      meaning: 'what is the response to a request of my own?',
    },
    {
      line: 'dispatch hooks.wasm transform_response request.json --json | jq .outcome.response',
      meaning: 'the same of a hook, as JSON',
    },
  ],
  watches: ({ FILE, REQUEST, request }) =>
    [FILE, REQUEST, request].filter((path) => path !== undefined).filter((path) => path !== DRY_RUN),
  run: async (args, io) => {
    const { FILE, REQUEST, request, sample } = args;
    const given = [REQUEST, request, sample ? DRY_RUN : undefined].filter((source) => source !== undefined);
    if (given.length > 1) throw new CommandLineError({ kind: 'RepeatedOption', option: 'the request' });
    const [source = DRY_RUN] = given;
    if (FILE === STDIN && source === STDIN) {
      const option = REQUEST === undefined ? '--request' : 'REQUEST';
      throw new CommandLineError({ kind: 'StdinTwice', option });
    }
    const { code, printed } = await reportOnPlugin(io, FILE, args.json, async (plugin) => {
      const texts: string[] = [];
      const stdout: Output = { ...io.stdout, write: (text) => texts.push(String(text)) };
      const call = dispatchers[generationFor(plugin.bytes, options, args)];
      const done = await call(plugin, { ...args, source }, { ...io, stdout });
      return { code: done, printed: texts.join('') };
    });
    if (printed !== '') io.stdout.write(printed);
    return code;
  },
});

function isWireFunction(name: string): boolean {
  return allWireFunctions.some((each) => each === name);
}
