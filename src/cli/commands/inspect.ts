import { reportMetering } from '../../inspection/metering-report.ts';
import { reportModule } from '../../inspection/module-report.ts';
import { jsonDocument } from '../output/json-document.ts';
import { painter } from '../output/terminal.ts';
import { reportOnPlugin } from '../prepared/plugin-file.ts';
import { defineCommand, EXIT } from '../program/command.ts';
import { inputName } from '../program/input-file.ts';
import { meteringLines } from '../reports/metering-text.ts';
import { moduleLines } from '../reports/module-text.ts';
import { generationFor } from './generation.ts';
import { fileOperand, limitOption, limitsOf, slotOption } from './options.ts';

const options = {
  slot: { ...slotOption, summary: 'inspect the hooks for this slot; by default for what the plugin declares' },
  metered: { summary: 'also show what metering adds to the module if it runs as a plugin' },
  limit: {
    ...limitOption,
    summary: 'with --metered: set a limit on the module: calls=9, or calls=none for no limit',
  },
} as const;

/** `inspect FILE`: what the bytes of a module say, without running it. */
export const inspect = defineCommand({
  name: 'inspect',
  summary: 'Shows what a module contains and imports, without running it',
  description: [
    'Reads any WebAssembly module, a plugin or not, and runs nothing of it. It shows',
    '',
    '- the identity, or why there is none; of a hook plugin the metadata, the hooks with their',
    '  fingerprints, warnings, and features that a host may lack,',
    '- the sections with their offsets and sizes in bytes,',
    '- the imports, and whether the kernel, the host or nobody provides each,',
    '- the exports and memories,',
    '- the functions of the protocol that the module exports with the right type.',
    '',
    'For a malformed module it says what is wrong and at which byte.',
    '',
    'Of a prepared module it shows what the original had, and what preparation added. A child',
    'process does so, which is ended, with exit code 1, if the module takes 6 seconds to load.',
  ],
  operands: { FILE: { ...fileOperand, summary: 'the module; - reads it from standard input' } },
  options,
  exits: {
    0: 'FILE is a valid WebAssembly module, whether a plugin or not',
    1: 'FILE is not a WebAssembly module, is malformed, or the engine refuses it',
    2: 'the arguments are wrong, or FILE cannot be read',
  },
  examples: [
    { line: 'inspect plugin.wasm', meaning: 'what does it contain, and does a host provide all its imports?' },
    { line: 'inspect plugin.wasm --metered', meaning: 'how much larger does metering make it?' },
    { line: 'inspect plugin.wasm --json | jq .contents.imports', meaning: 'the imports as JSON' },
  ],
  run: async (args, io) => {
    const { FILE, slot, metered, limit, json } = args;
    const limits = limitsOf(limit);
    const { report, metering } = await reportOnPlugin(io, FILE, json, async ({ bytes }) => {
      const generation = generationFor(bytes, options, args);
      const found = reportModule(inputName(FILE), bytes, generation, slot);
      return {
        report: found,
        metering: metered && found.valid ? reportMetering(bytes, generation, limits) : undefined,
      };
    });
    const paint = painter(io.stdout.color);
    const lines = [
      ...moduleLines(report, paint),
      ...(metering === undefined ? [] : ['', ...meteringLines(metering, paint)]),
    ];
    io.stdout.write(json ? jsonDocument({ ...report, metering }) : `${lines.join('\n')}\n`);
    return report.valid ? EXIT.ok : EXIT.failed;
  },
});
