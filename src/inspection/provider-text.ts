import type { ImportProvider } from './import-provider.ts';

/** What reports say of who provides an import. */
export interface ProviderText {
  readonly text: string;
  /** Whether somebody provides it, with the type that the module asks for. */
  readonly isProvided: boolean;
}

const TEXTS: Readonly<Record<ImportProvider['provider'], readonly [text: string, isProvided: boolean]>> = {
  kernel: ['kernel function', true],
  host: ['host function', true],
  meter: ['the meter', true],
  lender: ['lent by the host', true],
  mismatch: ['of another type', false],
  nobody: ['nobody provides it', false],
};

/** Says who provides an import: `kernel function`, `of another type, it is a ...`. */
export function providerText(wanted: ImportProvider): ProviderText {
  const [text, isProvided] = TEXTS[wanted.provider];
  return { text: wanted.provider === 'mismatch' ? `${text}, it is a ${wanted.expected}` : text, isProvided };
}
