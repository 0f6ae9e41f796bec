/** A realm beside ours: its classes are others than those of the same names here. */
export interface OtherRealm {
  /** What it is, for reasons and titles. */
  readonly kind: string;
  /** Runs a script there. @returns the value of its last expression. */
  run(script: string): unknown;
  /** Gives the realm a global variable. */
  set(name: string, value: unknown): void;
}

/** What `node:vm` has that is used here. */
interface Vm {
  createContext(globals: object): object;
  runInContext(script: string, context: object): unknown;
}

/** A context of `node:vm`. */
function context({ createContext, runInContext }: Vm): OtherRealm {
  const globals: Record<string, unknown> = {};
  const made = createContext(globals);
  return {
    kind: 'a context of node:vm',
    run: (script) => runInContext(script, made),
    set: (name, value) => {
      globals[name] = value;
    },
  };
}

/** What a page has that is used here. */
interface FrameWindow {
  eval(script: string): unknown;
  [name: string]: unknown;
}

interface PageDocument {
  createElement(name: 'iframe'): { readonly contentWindow: FrameWindow | null };
  readonly documentElement: { append(element: unknown): void };
}

/** The realm of a frame. */
function frame(page: PageDocument): OtherRealm {
  const element = page.createElement('iframe');
  page.documentElement.append(element);
  const { contentWindow: window } = element;
  if (window === null) throw new Error('a frame in a document has a window');
  return {
    kind: 'a frame of a page',
    run: (script) => window.eval(script),
    set: (name, value) => {
      window[name] = value;
    },
  };
}

/** Makes another realm: a context of `node:vm`, or a frame. `undefined` where there are neither. */
export function otherRealm(): OtherRealm | undefined {
  // Which of them there is depends on the runtime, and the compiler's types have neither of both.
  const { process, document } = globalThis as unknown as {
    readonly process?: { getBuiltinModule?(name: 'node:vm'): Vm | undefined };
    readonly document?: PageDocument;
  };
  if (document !== undefined) return frame(document);
  const vm = process?.getBuiltinModule?.('node:vm');
  return vm && context(vm);
}
