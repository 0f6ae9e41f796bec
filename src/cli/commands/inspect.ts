import { type MeteringReport, reportMetering } from '../../inspection/metering-report.ts';
import { type ModuleReport, reportModule } from '../../inspection/module-report.ts';
import { DOCUMENT_VERSION } from '../output/json-document.ts';
import type { Paint } from '../output/terminal.ts';
import { defineCommand } from '../program/command.ts';
import { inputName } from '../program/input-file.ts';
import { meteringLines } from '../reports/metering-text.ts';
import { moduleLines } from '../reports/module-text.ts';
import { type FileReport, printFileReports, reportOnFile } from './file-reports.ts';
import { generationFor } from './generation.ts';
import { filesOperand, limitOption, limitsOf, severalFilesText, slotOption } from './options.ts';

const options = {
  slot: { ...slotOption, summary: 'inspect the hooks for this slot; by default for what the plugin declares' },
  metered: { summary: 'also show what metering adds to the module if it runs as a plugin' },
  limit: {
    ...limitOption,
    summary: 'with --metered: set a limit on the module: calls=9, or calls=none for no limit',
  },
} as const;

/** `inspect FILE...`: what the bytes of a module say, without running it. */
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
    'For a prepared module, it shows what the original had and what preparation added. This runs in a',
    'child process, which is ended, with exit code 1, if the module takes 6 seconds to load.',
    ...severalFilesText,
  ],
  operands: {
    FILE: {
      ...filesOperand,
      summary: 'the module; - reads it from standard input; a directory stands for all .wasm files in it',
    },
  },
  options,
  exits: {
    0: 'each FILE is a valid WebAssembly module, whether a plugin or not',
    1: 'a FILE is not a WebAssembly module, is malformed, or the engine refuses it',
    2: 'the arguments are wrong, or a file cannot be found or read',
  },
  examples: [
    { line: 'inspect plugin.wasm', meaning: 'what does it contain, and does a host provide all its imports?' },
    { line: 'inspect plugin.wasm --metered', meaning: 'how much larger does metering make it?' },
    { line: 'inspect plugin.wasm --json | jq .contents.imports', meaning: 'the imports as JSON' },
  ],
  watches: ({ FILE }) => FILE,
  run: async (args, io) => {
    const { slot, metered } = args;
    const limits = limitsOf(args.limit);
    const reportOn = (path: string, bytes: Uint8Array): FileReport => {
      const generation = generationFor(bytes, options, args);
      const report = reportModule(inputName(path), bytes, generation, slot);
      const metering = metered && report.valid ? reportMetering(bytes, generation, limits) : undefined;
      const document: ModuleDocument = { version: DOCUMENT_VERSION, ...report, ...(metering && { metering }) };
      const lines = (paint: Paint): string[] => [
        ...moduleLines(report, paint),
        ...(metering === undefined ? [] : ['', ...meteringLines(metering, paint)]),
      ];
      return { passed: report.valid, document, lines };
    };
    return await printFileReports(io, args, WORDS, (path, beside) =>
      reportOnFile(beside, path, args.json, async ({ bytes }) => reportOn(path, bytes)),
    );
  },
});

const WORDS = { file: 'module', passed: 'valid', failed: 'not valid' } as const;

/** The JSON document on a module. */
export interface ModuleDocument extends ModuleReport {
  readonly version: typeof DOCUMENT_VERSION;
  /** With `--metered`, if the module is valid. */
  readonly metering?: MeteringReport;
}
