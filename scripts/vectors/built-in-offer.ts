/**
 * The seven wire functions, in the order of the built-in offer. Written here and not imported: what
 * a vector expects must not follow from the package that it tests.
 */
export const wireFunctions = [
  'shape',
  'normalize_error',
  'build_signer',
  'sign',
  'on_unauthorized',
  'observe',
  'filter',
] as const;

/** The functions of the built-in offer, as a host writes them. */
export const builtInFunctions =
  '{"build_signer":[1],"filter":[1],"normalize_error":[1],"observe":[1],' +
  '"on_unauthorized":[1],"shape":[1],"sign":[1]}';
