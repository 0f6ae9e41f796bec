import type * as Library from '../../../src/index.ts';
import type { Host } from './host.ts';

/** A form of this runtime: the options with which it compiles and builds a plugin. */
interface Form {
  readonly name: string;
  readonly title: string;
  readonly compile: NonNullable<Parameters<typeof Library.compilePlugin>[1]>;
  readonly build: NonNullable<Parameters<typeof Library.buildPlugin>[1]>;
}

/**
 * Limits that no workload reaches, so that none of them ends early; they are counted all the same.
 */
const WIDE = { fuel: 1e15, wallMs: 600_000, memoryMaxPages: 32_768 };
const NEVER_LATE = { fuel: 1e15, wallMs: 600_000 };

/**
 * The forms of this runtime, the one first that the others are compared with. A form that differs
 * by an option of the compiler or the plugin is one more row.
 */
const forms: readonly Form[] = [
  { name: 'ours', title: 'ours', compile: {}, build: WIDE },
  { name: 'instance', title: 'ours, kernel as an instance', compile: { kernel: 'instance' }, build: WIDE },
  { name: 'ours-unmetered', title: 'ours, not metered', compile: { metering: false }, build: WIDE },
];

/**
 * This runtime, in each of its forms.
 *
 * @param library the root entry, of whatever version.
 */
export function oursFrom(library: typeof Library): readonly Host[] {
  return forms.map((form) => hostOf(library, form));
}

function hostOf(
  { admit, buildPlugin, compilePlugin, dispatchWireCall }: typeof Library,
  { name, title, compile, build }: Form,
): Host {
  return {
    name,
    title,
    cannot: {},
    open: async (wasm) => {
      const plugin = buildPlugin(compilePlugin(wasm, compile), build);
      return {
        callTask: (exported, input) => () => plugin.callText(exported, input),
        dispatchTask: ({ fn, version, request }) => {
          const negotiated = { negotiated_functions: { [fn.name]: version } };
          return () => {
            const outcome = dispatchWireCall(fn, plugin, negotiated, request);
            if (outcome.kind === 'ok') return outcome.response;
            throw outcome.error;
          };
        },
      };
    },
    admit: (wasm) => {
      // Of the other forms the candidate is what they compiled.
      const candidate = Object.keys(compile).length === 0 ? wasm : compilePlugin(wasm, compile);
      const report = admit(candidate, { handshake: NEVER_LATE, selfCheck: NEVER_LATE });
      if (!report.admitted) throw new Error(JSON.stringify(report.layers));
      return report;
    },
  };
}
