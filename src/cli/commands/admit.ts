import { jsonDocument } from '../output/json-document.ts';
import { painter } from '../output/paint.ts';
import { createRecorder } from '../output/recorder.ts';
import { type Command, EXIT, type Option } from '../program/command.ts';
import { readInput } from '../program/input-file.ts';
import { limitOption, limitsOf } from '../program/limit-option.ts';
import { admissionLines } from '../reports/admission-text.ts';
import { admitFile } from './admission.ts';

/** What a host says in its offer that it can do. */
export const capabilityOption: Option = {
  name: 'cap',
  value: 'NAME',
  repeatable: true,
  summary: 'offer this host capability to the plugin; none is offered by default',
};

/** `admit FILE`: the layers up to the record. */
export const admit: Command = {
  name: 'admit',
  summary: 'Takes a plugin through identity, handshake, self-check and metadata',
  description: [
    'Does what a host does before it trusts a plugin: reads its identity, offers it the seven',
    'wire functions and checks what it accepts, lets it check itself, and makes its record.',
    'Each layer is reported with its time, and those that call the plugin with the fuel that the',
    'call burnt. The first that fails rejects the plugin; the report then says why, and for a',
    'fault in the bytes of the module at which byte.',
    '',
    'What the plugin logs meanwhile goes to standard error.',
  ],
  operands: [{ name: 'FILE', summary: "the plugin's module; - reads it from standard input" }],
  options: [capabilityOption, limitOption],
  exits: {
    0: 'the plugin is admitted',
    1: 'it is rejected, or FILE is no WebAssembly module',
    2: 'the arguments are wrong, or FILE cannot be read',
  },
  examples: [
    { line: 'admit plugin.wasm', meaning: 'would a host take this plugin?' },
    { line: 'admit plugin.wasm --limit codeBytes=12000000', meaning: 'and if larger plugins may come?' },
    { line: 'admit plugin.wasm --cap storage --cap random', meaning: 'would a host that can do both of these?' },
  ],
  run: async (args, io) => {
    const file = args.operand('FILE');
    const isJson = args.flag('json');
    const wasm = await readInput(io, file);
    const recorder = createRecorder(isJson ? undefined : io.stderr);
    const limits = limitsOf(args.values('limit'));
    const telemetry = { ...recorder.telemetry, counter: () => undefined };
    const admission = admitFile(file, wasm, { hostCapabilities: args.values('cap'), limits, telemetry });
    const lines = admissionLines(admission, painter(io.stdout.color));
    io.stdout.write(isJson ? jsonDocument({ ...admission, logs: recorder.logs }) : `${lines.join('\n')}\n`);
    return admission.admitted ? EXIT.ok : EXIT.failed;
  },
};
