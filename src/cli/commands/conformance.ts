import { verifyHookBytes } from '../../conformance/hooks/verify.ts';
import {
  conformanceKinds,
  type HtmlPageOptions,
  type HtmlSeriesOptions,
  htmlReport,
  htmlSeriesReport,
  junitReport,
  junitSeriesReport,
  kindNamed,
  type Progress,
  reportSeries,
  type SeriesEntry,
  type SeriesReport,
  tapReport,
  tapSeriesReport,
  type VerifyOptions,
  type VerifyReport,
} from '../../conformance/index.ts';
import { verifyBytes } from '../../conformance/verify.ts';
import { HandshakeExecutionError } from '../../protocol/handshake.ts';
import { JsonDecodeError, OpaqueJson } from '../../protocol/messages/index.ts';
import { sha256Hex } from '../../sha256.ts';
import { jsonDocument } from '../output/json-document.ts';
import type { Paint } from '../output/terminal.ts';
import { type PluginFile, PREPARED_RULE, reportOnPlugin } from '../prepared/plugin-file.ts';
import { defineCommand, EXIT, type Io, type Option, PROGRAM } from '../program/command.ts';
import { CommandLineError, invalidValue } from '../program/command-line-error.ts';
import { inputName, readInput, STDIN } from '../program/input-file.ts';
import { findPluginFiles, type PluginFiles } from '../program/plugin-files.ts';
import { conformanceLines, seriesLines } from '../reports/conformance-text.ts';
import { exitCodeOf, type FileEntry, fileEntry } from './file-reports.ts';
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
import { reporterOf, writeReport } from './report-output.ts';
import { type ReportFile, reportEach, reportOne } from './series.ts';

/** Writes reports in one form: of one plugin, and of a series. */
interface Reporter {
  readonly one: (report: VerifyReport, file: string, paint: Paint, page: PageFacts) => string;
  readonly series: (series: SeriesReport, found: PluginFiles, paint: Paint, page: PageFacts) => string;
}

/** What a page says beside the reports; the hashes by the names of the files. */
type PageFacts = HtmlSeriesOptions & { readonly sha256: ReadonlyMap<string, string> };

const reporterNames = ['pretty', 'json', 'junit', 'tap', 'html'] as const;

/** The reporters by the names that `--reporter` takes. */
const reporters: Readonly<Record<(typeof reporterNames)[number], Reporter>> = {
  pretty: {
    one: (report, file, paint) => `${conformanceLines(report, file, paint).join('\n')}\n`,
    series: (series, found, paint) => `${seriesLines(series, found, paint).join('\n')}\n`,
  },
  json: {
    one: (report, file) => jsonDocument(documentOf(file, report)),
    series: (series, { directories }) => jsonDocument(seriesDocument(series, directories)),
  },
  junit: { one: junitReport, series: junitSeriesReport },
  tap: { one: tapReport, series: tapSeriesReport },
  html: {
    one: (report, file, _, page) => htmlReport(report, { ...page, file, sha256: page.sha256.get(file) }),
    series: (series, _, __, page) => htmlSeriesReport(series, page),
  },
};

/** A report, and whether its plugin is prepared, so that its metering is believed, not checked. */
interface MarkedReport extends VerifyReport {
  readonly prepared?: true;
}

/** The JSON document on the verification of a plugin. */
export interface ConformanceDocument extends MarkedReport {
  readonly file: string;
}

/** The JSON document on the verification of several plugins. */
export interface SeriesDocument extends Omit<SeriesReport, 'files'> {
  readonly directories: PluginFiles['directories'];
  readonly files: readonly FileEntry<ConformanceDocument>[];
}

function documentOf(file: string, report: VerifyReport): ConformanceDocument {
  return { file, ...report };
}

function seriesDocument({ files, ...series }: SeriesReport, directories: PluginFiles['directories']): SeriesDocument {
  const entries = files.map((entry) =>
    'report' in entry ? { file: entry.file, report: documentOf(entry.file, entry.report) } : entry,
  );
  return { ...series, directories, files: entries };
}

const options = {
  kind: {
    value: 'KIND',
    choices: [...conformanceKinds, 'dialect', 'signer_factory', 'auto'],
    summary: 'verify the plugin as this kind; by default auto',
    only: { generation: 1, because: 'it has slots, which --slot names' },
  },
  slot: { ...slotOption, summary: 'verify the plugin for this slot; by default for all that it is right for' },
  reporter: { value: 'NAME', choices: reporterNames, summary: 'the form of the report; by default pretty' },
  output: { short: 'o', value: 'OUT', summary: 'write the report to this file; never to FILE' },
  'host-capability': capabilityOption,
  'host-functions': hostFunctionsOption,
  config: configOption,
  limit: limitOption,
  'factory-state': {
    value: 'FILE',
    summary: 'a JSON file with the factory_state that build_signer gets',
    only: { generation: 1, because: 'it has no build_signer' },
  },
} as const satisfies Readonly<Record<string, Option>>;

/** `conformance FILE...`: the suite for plugin authors. */
export const conformance = defineCommand({
  name: 'conformance',
  summary: 'Verifies a plugin against its contract, and says what to change',
  description: [
    'Admits the plugin, then calls its functions: with samples, requests with every option, large',
    'requests, repeated calls, and calls with too little fuel. Each check has an id, a rule of the',
    'contract and a result: pass, warn, fail or skipped. A check that does not pass also has a hint.',
    '',
    'Generation 1, the protocol over the Extism kernel: abi/PROTOCOL.md has the rules. With the',
    'kind auto, the functions of the plugin decide its kind. Two kinds have another name in the',
    "protocol, which is accepted too: 'dialect' is 'shape', 'signer_factory' is 'signer'.",
    'If a signer needs a factory state, such as a key, give it with --factory-state.',
    '',
    'Generation 2, the hook ABI: abi/HOOKS.md has the rules. The plugin is verified for a slot.',
    'Fuel alone ends a call, so the result is the same on every machine.',
    ...severalFilesText,
    '',
    ...PREPARED_RULE,
  ],
  operands: { FILE: filesOperand },
  options,
  exits: {
    0: 'no check failed',
    1: 'a check failed',
    2: 'the arguments are wrong, a file cannot be found or read, or OUT cannot be written',
  },
  examples: [
    { line: 'conformance plugin.wasm', meaning: 'does my plugin follow its contract?' },
    { line: 'conformance plugin.wasm --reporter html -o report.html', meaning: 'a report as a page' },
    { line: 'conformance plugin.wasm --kind router --reporter junit -o junit.xml', meaning: 'for CI' },
    { line: 'conformance plugins/ --reporter junit -o junit.xml', meaning: 'for CI, all plugins in a directory' },
    { line: 'conformance plugin.wasm --slot shape', meaning: 'is this hook plugin right for the slot shape?' },
  ],
  watches: ({ FILE, 'factory-state': state }) => (state === undefined ? FILE : [...FILE, state]),
  run: async (args, io) => {
    const { FILE, kind, slot, reporter, output, json } = args;
    const form = reporterOf(reporter, json);
    const write = reporters[form];
    const limits = limitsOf(args.limit);
    const factoryState = await readFactoryState(io, FILE, args['factory-state']);
    const hostFunctions = args['host-functions'];
    const config = configOf(args.config);
    const hostCapabilities = args['host-capability'];
    const sha256 = new Map<string, string>();
    const page = { ...(await pageOptions(io, form)), sha256 };
    const verifyFile: ReportFile<MarkedReport> = (path, beside, show) => {
      const onRead = async (wasm: Uint8Array): Promise<void> => {
        if (form === 'html') sha256.set(inputName(path), await sha256Hex(new Uint8Array(wasm)));
      };
      const onProgress = ({ done, total, check }: Progress): void => show(`${done}/${total} ${check.id}`);
      const how = { limits, onProgress };
      const reportOn = async (plugin: PluginFile): Promise<MarkedReport> => {
        const report =
          generationFor(plugin.bytes, options, args) === 2
            ? verifyHookBytes(plugin.bytes, plugin.prepared(), { ...how, slot })
            : verify(plugin, kind ?? 'auto', { ...how, hostCapabilities, hostFunctions, config, factoryState });
        return { ...plugin.mark, ...report };
      };
      return reportOnPlugin(beside, path, form === 'json', reportOn, onRead);
    };
    const found = await findPluginFiles(io, FILE);
    const inputs = found.files.map(({ path }) => path);
    if (!found.isSeries) {
      const [path = ''] = inputs;
      const report = await reportOne(io, path, verifyFile);
      await writeReport(io, inputs, output, (paint) => write.one(report, inputName(path), paint, page));
      return report.verdict === 'fail' ? EXIT.failed : EXIT.ok;
    }
    const files: SeriesEntry[] = [];
    for await (const item of reportEach(io, found, verifyFile)) files.push(fileEntry(item, (report) => report));
    const series = reportSeries(files);
    await writeReport(io, inputs, output, (paint) => write.series(series, found, paint, page));
    return exitCodeOf({ failed: series.counts.nonconforming, errors: series.counts.unverified });
  },
});

/** What a page says of its making. Nothing if none is written: a child process writes none. */
async function pageOptions(io: Io, form: keyof typeof reporters): Promise<HtmlPageOptions> {
  if (form !== 'html' || io.confinement !== undefined) return {};
  const { version, files } = await io.release();
  return { date: io.now(), tool: `${PROGRAM} ${version}`, documents: files };
}

async function readFactoryState(
  io: Io,
  files: readonly string[],
  source: string | undefined,
): Promise<OpaqueJson | undefined> {
  if (source === undefined) return undefined;
  const option = '--factory-state';
  if (source === STDIN && files.includes(STDIN)) throw new CommandLineError({ kind: 'StdinTwice', option });
  const text = new TextDecoder().decode(await readInput(io, source));
  try {
    return OpaqueJson.parse(text);
  } catch (error) {
    if (!(error instanceof JsonDecodeError)) throw error;
    // The decoder's message is left out: it quotes the file, which may hold a secret.
    throw invalidValue(option, source, 'a file that holds JSON');
  }
}

function verify({ bytes, prepared }: PluginFile, kind: string, options: VerifyOptions): VerifyReport {
  try {
    return verifyBytes(bytes, prepared(), kindNamed(kind) ?? 'auto', options);
  } catch (error) {
    if (!(error instanceof HandshakeExecutionError)) throw error;
    const given = `${[...(options.hostCapabilities ?? [])].length} capabilities`;
    throw invalidValue('--host-capability', given, error.message);
  }
}
