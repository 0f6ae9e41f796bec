/** A kind of plugin that `new` can write. */
export type TemplateKind = (typeof templateKinds)[number];

/** The kinds, those of the protocol first. `filter` and `shape` are plugins of the hook ABI. */
export const templateKinds = ['router', 'dialect', 'signer', 'observer', 'filter', 'shape'] as const;

/** The templates of one language, and how an author works with them. */
export interface TemplateLanguage {
  /** How the language is called in a sentence. */
  readonly title: string;
  /** The commands that build the plugin, in its folder. Their words are separated by spaces. */
  readonly build: readonly string[];
  /** The command that runs the plugin's own test. */
  readonly test: string;
  /** Where the module then is. `my_plugin` and `my-plugin` stand for the name, as in a template. */
  readonly wasm: string;
  /** The folders of `templates/` that each kind is made of. */
  readonly kinds: Readonly<Partial<Record<TemplateKind, readonly string[]>>>;
}

/** The languages that `new` knows, with their templates. templates/README.md has the rules. */
export const templateLanguages = {
  rust: {
    title: 'Rust',
    build: ['cargo wasm'],
    test: 'cargo test',
    wasm: 'target/wasm32-unknown-unknown/release/my_plugin.wasm',
    kinds: {
      router: ['rust/common', 'rust/protocol', 'rust/router'],
      dialect: ['rust/common', 'rust/protocol', 'rust/dialect'],
      signer: ['rust/common', 'rust/protocol', 'rust/signer'],
      observer: ['rust/common', 'rust/protocol', 'rust/observer'],
      filter: ['rust/common', 'rust/hooks', 'rust/filter'],
      shape: ['rust/common', 'rust/hooks', 'rust/shape'],
    },
  },
  assemblyscript: {
    title: 'AssemblyScript',
    build: ['npm install', 'npm run build'],
    test: 'npm test',
    wasm: 'build/my-plugin.wasm',
    kinds: {
      router: ['assemblyscript/common', 'assemblyscript/router'],
      dialect: ['assemblyscript/common', 'assemblyscript/dialect'],
      signer: ['assemblyscript/common', 'assemblyscript/signer'],
      observer: ['assemblyscript/common', 'assemblyscript/observer'],
    },
  },
  c: {
    title: 'C',
    build: ['sh build.sh'],
    test: 'sh test.sh',
    wasm: 'build/my-plugin.wasm',
    kinds: { router: ['c/router'] },
  },
  zig: {
    title: 'Zig',
    build: ['sh build.sh'],
    test: 'sh test.sh',
    wasm: 'build/my-plugin.wasm',
    kinds: { router: ['zig/router'] },
  },
} as const satisfies Readonly<Record<string, TemplateLanguage>>;

/** The name of a language as `--language` takes it. */
export type LanguageName = keyof typeof templateLanguages;
