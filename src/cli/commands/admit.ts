import type { Generation } from '../../generation/index.ts';
import { type FileAdmission, reportAdmission } from '../../inspection/admission-report.ts';
import { admitHookFile, type HookFileAdmission } from '../../inspection/hook-admission-report.ts';
import type { LogEvent } from '../../telemetry.ts';
import { DOCUMENT_VERSION } from '../output/json-document.ts';
import { createRecorder } from '../output/recorder.ts';
import { type PluginFile, PREPARED_RULE } from '../prepared/plugin-file.ts';
import { type ArgumentsOf, defineCommand, type Io } from '../program/command.ts';
import { inputName } from '../program/input-file.ts';
import { admissionLines } from '../reports/admission-text.ts';
import { hookAdmissionLines } from '../reports/hook-admission-text.ts';
import { type FileReport, printFileReports, reportOnFile } from './file-reports.ts';
import { generationFor } from './generation.ts';
import {
  capabilityOption,
  configOf,
  configOption,
  filesOperand,
  hostFunctionsOption,
  limitOption,
  limitsOf,
  severalFilesText,
  slotOption,
} from './options.ts';

const operands = { FILE: filesOperand } as const;
const options = {
  'host-capability': capabilityOption,
  'host-functions': hostFunctionsOption,
  config: configOption,
  slot: slotOption,
  limit: limitOption,
} as const;

type Admit = (
  file: string,
  plugin: PluginFile,
  args: ArgumentsOf<typeof operands, typeof options>,
  io: Io,
) => FileReport;

const admissions: Readonly<Record<Generation, Admit>> = {
  1: (file, plugin, { config, limit, json, ...args }, io) => {
    const recorder = createRecorder(json ? undefined : io.stderr);
    const telemetry = { ...recorder.telemetry, counter: () => undefined };
    const given = {
      hostCapabilities: args['host-capability'],
      hostFunctions: args['host-functions'],
      config: configOf(config),
      limits: limitsOf(limit),
      telemetry,
    };
    const report = reportAdmission(file, plugin.bytes, given, plugin.prepared());
    const document: AdmissionDocument = {
      version: DOCUMENT_VERSION,
      generation: 1,
      ...plugin.mark,
      ...report,
      logs: recorder.logs,
    };
    return { passed: report.admitted, document, lines: (paint) => admissionLines(report, paint) };
  },
  2: (file, plugin, { slot, limit }) => {
    const given = { slot, limits: limitsOf(limit) };
    const { report } = admitHookFile(file, plugin.bytes, given, plugin.prepared());
    const document: HookAdmissionDocument = { version: DOCUMENT_VERSION, generation: 2, ...plugin.mark, ...report };
    return { passed: report.admitted, document, lines: (paint) => hookAdmissionLines(report, paint) };
  },
};

/** The JSON document on the admission of a plugin of generation 1. */
export interface AdmissionDocument extends FileAdmission {
  readonly version: typeof DOCUMENT_VERSION;
  readonly generation: 1;
  /** True if FILE is prepared: its metering is believed, not checked. */
  readonly prepared?: true;
  readonly logs: readonly LogEvent[];
}

/** The JSON document on the admission of a hook plugin. */
export interface HookAdmissionDocument extends HookFileAdmission {
  readonly version: typeof DOCUMENT_VERSION;
  readonly generation: 2;
  /** True if FILE is prepared: its metering is believed, not checked. */
  readonly prepared?: true;
}

/** `admit FILE...`: everything that a host does before it calls a plugin. */
export const admit = defineCommand({
  name: 'admit',
  summary: 'Decides about a plugin as a host does, step by step',
  description: [
    'Does what a host does before it trusts a plugin, and prints the time of each step, and the',
    'fuel of each call. The first step that fails rejects the plugin. The report then says why,',
    'and at which byte if the fault is in the bytes of the module.',
    '',
    'Generation 1, the protocol over the Extism kernel: reads the identity, offers the seven wire',
    'functions, checks what the plugin accepts, lets the plugin test itself, and makes the record',
    'that a host stores. The log of the plugin goes to standard error.',
    '',
    'Generation 2, the hook ABI: inspects the module, compiles it, and calls each active hook once',
    'with a fixed sample. It also warns of what hosts accept and an author will regret.',
    ...severalFilesText,
    '',
    ...PREPARED_RULE,
  ],
  operands,
  options,
  exits: {
    0: 'all plugins are admitted',
    1: 'a plugin is rejected, or a FILE is not a WebAssembly module',
    2: 'the arguments are wrong, or a file cannot be found or read',
  },
  examples: [
    { line: 'admit plugin.wasm', meaning: 'would a host admit this plugin?' },
    { line: 'admit plugins/ other.wasm', meaning: 'would a host admit each of these plugins?' },
    { line: 'admit plugin.wasm --limit codeBytes=12000000', meaning: 'would a host that allows 12 MB of code?' },
    {
      line: 'admit plugin.wasm --host-capability storage --host-capability random',
      meaning: 'would a host with these two capabilities?',
    },
    { line: 'admit plugin.wasm --host-functions', meaning: 'would a host that provides its functions here too?' },
    { line: 'admit plugin.wasm --slot shape', meaning: 'would a host take this hook plugin as a shape?' },
  ],
  watches: ({ FILE }) => FILE,
  run: async (args, io) => {
    limitsOf(args.limit); // Refused once, and not for each file.
    return await printFileReports(io, args, WORDS, (path, beside) =>
      reportOnFile(beside, path, args.json, async (plugin) =>
        admissions[generationFor(plugin.bytes, options, args)](inputName(path), plugin, args, beside),
      ),
    );
  },
});

const WORDS = { file: 'plugin', passed: 'admitted', failed: 'rejected' } as const;
