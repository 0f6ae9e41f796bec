/** The letters of the rules that each document of the contract states. */
const LETTERS: Readonly<Record<string, readonly string[]>> = {
  'PROTOCOL.md': ['L', 'J', 'I', 'H', 'O', 'P', 'S', 'R', 'D', 'T', 'F', 'A'],
  'KERNEL.md': ['K', 'KI', 'KB', 'KH', 'KV', 'KX', 'KL', 'KC', 'KU', 'KF', 'KM', 'KP'],
  'HOOKS.md': ['HM', 'HI', 'HC', 'HP', 'HD', 'HA', 'HT', 'HF', 'HB', 'HS', 'HX'],
};

/**
 * Returns where a rule stands.
 *
 * @param rule its anchor, such as `H-4.2`.
 * @returns the document and the anchor, such as `abi/PROTOCOL.md#H-4.2`; the anchor alone if no
 * document has rules with such letters.
 */
export function ruleLink(rule: string): string {
  const [, letters = ''] = /^([A-Z]+)-/.exec(rule) ?? [];
  const [document] = Object.entries(LETTERS).find(([, own]) => own.includes(letters)) ?? [];
  return document === undefined ? rule : `abi/${document}#${rule}`;
}
