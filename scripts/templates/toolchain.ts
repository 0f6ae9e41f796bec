import type { LanguageName } from '../../src/cli/new/languages.ts';

/** What builds the templates of one language. */
export interface Toolchain {
  readonly language: LanguageName;
  /**
   * Why the language is left out although its toolchain may be there, such as that its templates
   * did not change. `undefined` if it is not. Not asked if the language is named by `--language`.
   */
  unlessNamed?(): string | undefined;
  /**
   * Installs what is missing, if it can be had.
   *
   * @returns the environment for its commands, which may have caches that all kinds share; or why
   * this machine cannot have it.
   */
  prepare(): { readonly env: NodeJS.ProcessEnv } | { readonly missing: string };
}
