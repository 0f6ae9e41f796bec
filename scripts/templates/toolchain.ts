import type { LanguageName } from '../../src/cli/new/languages.ts';

/** What builds the templates of one language. */
export interface Toolchain {
  readonly language: LanguageName;
  /**
   * Why the language is left out although its toolchain may be there, such as that its templates
   * did not change. `undefined` if it is not. Not asked if `--language` names the language.
   */
  unlessNamed?(): Promise<string | undefined>;
  /**
   * Installs what is missing, if it can be had.
   *
   * @returns the environment of its commands, which may name caches that all kinds share; or why
   * this machine cannot have it.
   */
  prepare(): Promise<{ readonly env: NodeJS.ProcessEnv } | { readonly missing: string }>;
  /**
   * Changes a plugin before it is built, so that it needs no package from a registry.
   *
   * @param folder path of the plugin.
   */
  adapt?(folder: string): void;
  /**
   * Notes that a template conforms, for {@link Toolchain.unlessNamed}.
   *
   * @param module what was built.
   */
  conforms?(module: Uint8Array): Promise<void>;
}
