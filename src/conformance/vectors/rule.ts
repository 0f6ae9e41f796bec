/** The documents of the contract, by the letters of the rules that they state. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  ...lettersOf('PROTOCOL.md', 'L J I H O P S R D T F A'),
  ...lettersOf('KERNEL.md', 'K KI KB KH KV KX KL KC KU KF KM KP'),
  ...lettersOf('HOOKS.md', 'HM HI HC HP HD HA HT HF HB HS HX'),
};

function lettersOf(document: string, letters: string): Record<string, string> {
  return Object.fromEntries(letters.split(' ').map((letter) => [letter, document]));
}

/**
 * Returns where a rule stands.
 *
 * @param rule its anchor, such as `H-4.2`.
 * @returns the document and the anchor, such as `abi/PROTOCOL.md#H-4.2`; the anchor alone if no
 * document has rules with such letters.
 */
export function ruleLink(rule: string): string {
  const document = DOCUMENTS[rule.split('-')[0] ?? ''];
  return document === undefined ? rule : `abi/${document}#${rule}`;
}
