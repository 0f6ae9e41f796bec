import type { Generation } from '../../generation/index.ts';
import { reportAdmission } from '../../inspection/admission-report.ts';
import { admitHookFile } from '../../inspection/hook-admission-report.ts';
import { jsonDocument } from '../output/json-document.ts';
import { createRecorder } from '../output/recorder.ts';
import { type Paint, painter } from '../output/terminal.ts';
import { type PluginFile, PREPARED_RULE, reportOnPlugin } from '../prepared/plugin-file.ts';
import { type ArgumentsOf, defineCommand, EXIT, type Io } from '../program/command.ts';
import { inputName } from '../program/input-file.ts';
import { admissionLines } from '../reports/admission-text.ts';
import { hookAdmissionLines } from '../reports/hook-admission-text.ts';
import { generationFor } from './generation.ts';
import { capabilityOption, fileOperand, hostFunctionsOption, limitOption, limitsOf, slotOption } from './options.ts';

const operands = { FILE: fileOperand } as const;
const options = {
  'host-capability': capabilityOption,
  'host-functions': hostFunctionsOption,
  slot: slotOption,
  limit: limitOption,
} as const;

/** An admission, for both forms of output. */
interface Admission {
  readonly admitted: boolean;
  readonly document: object;
  readonly lines: (paint: Paint) => string[];
}

type Admit = (plugin: PluginFile, args: ArgumentsOf<typeof operands, typeof options>, io: Io) => Admission;

const admissions: Readonly<Record<Generation, Admit>> = {
  1: (plugin, { FILE, limit, json, ...args }, io) => {
    const recorder = createRecorder(json ? undefined : io.stderr);
    const telemetry = { ...recorder.telemetry, counter: () => undefined };
    const given = {
      hostCapabilities: args['host-capability'],
      hostFunctions: args['host-functions'],
      limits: limitsOf(limit),
      telemetry,
    };
    const report = reportAdmission(inputName(FILE), plugin.bytes, given, plugin.prepared());
    const document = { ...report, logs: recorder.logs };
    return { admitted: report.admitted, document, lines: (paint) => admissionLines(report, paint) };
  },
  2: (plugin, { FILE, slot, limit }) => {
    const given = { slot, limits: limitsOf(limit) };
    const { report } = admitHookFile(inputName(FILE), plugin.bytes, given, plugin.prepared());
    return { admitted: report.admitted, document: report, lines: (paint) => hookAdmissionLines(report, paint) };
  },
};

/** `admit FILE`: everything that a host does before it calls a plugin. */
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
    '',
    ...PREPARED_RULE,
  ],
  operands,
  options,
  exits: {
    0: 'the plugin is admitted',
    1: 'the plugin is rejected, or FILE is not a WebAssembly module',
    2: 'the arguments are wrong, or FILE cannot be read',
  },
  examples: [
    { line: 'admit plugin.wasm', meaning: 'would a host admit this plugin?' },
    { line: 'admit plugin.wasm --limit codeBytes=12000000', meaning: 'would a host that allows 12 MB of code?' },
    {
      line: 'admit plugin.wasm --host-capability storage --host-capability random',
      meaning: 'would a host with these two capabilities?',
    },
    { line: 'admit plugin.wasm --host-functions', meaning: 'would a host that provides its functions here too?' },
    { line: 'admit plugin.wasm --slot shape', meaning: 'would a host take this hook plugin as a shape?' },
  ],
  run: async (args, io) => {
    const { admitted, document, lines } = await reportOnPlugin(io, args.FILE, args.json, async (plugin) => {
      const generation = generationFor(plugin.bytes, options, args);
      const admission = admissions[generation](plugin, args, io);
      return {
        ...admission,
        document: { generation, ...plugin.mark, ...admission.document },
        lines: admission.lines(painter(io.stdout.color)),
      };
    });
    io.stdout.write(args.json ? jsonDocument(document) : `${lines.join('\n')}\n`);
    return admitted ? EXIT.ok : EXIT.failed;
  },
});
