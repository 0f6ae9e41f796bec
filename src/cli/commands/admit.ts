import { reportAdmission } from '../../inspection/admission-report.ts';
import { jsonDocument } from '../output/json-document.ts';
import { createRecorder } from '../output/recorder.ts';
import { painter } from '../output/terminal.ts';
import { defineCommand, EXIT } from '../program/command.ts';
import { inputName, readInput } from '../program/input-file.ts';
import { admissionLines } from '../reports/admission-text.ts';
import { capabilityOption, fileOperand, limitOption, limitsOf } from './options.ts';

/** `admit FILE`: the layers from identity to metadata. */
export const admit = defineCommand({
  name: 'admit',
  summary: 'Takes a plugin through identity, handshake, self-check and metadata',
  description: [
    'Does what a host does before it trusts a plugin. It reads the identity, offers the seven',
    'wire functions, checks what the plugin accepts, lets the plugin test itself, and makes the',
    'record that a host stores. It prints the time of each layer, and the fuel of the layers that',
    'call the plugin. The first layer that fails rejects the plugin. The report then says why, and',
    'at which byte if the fault is in the bytes of the module.',
    '',
    'The log of the plugin goes to standard error.',
  ],
  operands: { FILE: fileOperand },
  options: { cap: capabilityOption, limit: limitOption },
  exits: {
    0: 'the plugin is admitted',
    1: 'the plugin is rejected, or FILE is not a WebAssembly module',
    2: 'the arguments are wrong, or FILE cannot be read',
  },
  examples: [
    { line: 'admit plugin.wasm', meaning: 'would a host admit this plugin?' },
    { line: 'admit plugin.wasm --limit codeBytes=12000000', meaning: 'would a host that allows 12 MB of code?' },
    { line: 'admit plugin.wasm --cap storage --cap random', meaning: 'would a host with these two capabilities?' },
  ],
  run: async ({ FILE, cap, limit, json }, io) => {
    const wasm = await readInput(io, FILE);
    const recorder = createRecorder(json ? undefined : io.stderr);
    const telemetry = { ...recorder.telemetry, counter: () => undefined };
    const options = { hostCapabilities: cap, limits: limitsOf(limit), telemetry };
    const admission = reportAdmission(inputName(FILE), wasm, options);
    const lines = admissionLines(admission, painter(io.stdout.color));
    io.stdout.write(json ? jsonDocument({ ...admission, logs: recorder.logs }) : `${lines.join('\n')}\n`);
    return admission.admitted ? EXIT.ok : EXIT.failed;
  },
});
