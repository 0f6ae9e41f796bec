// The places of a source where something can be changed, and what it is changed to.

const swaps = (pairs) =>
  Object.fromEntries(
    pairs
      .map((pair) => pair.split(' '))
      .flatMap(([one, other]) => [
        [one, other],
        [other, one],
      ]),
  );
const operators = { ...swaps(['=== !==', '< <=', '> >=', '+ -', '& |', '<< >>>', '&& ||', '+= -=']), '*': '/' };
const instructions = swaps(['lt le', 'gt ge', 'add sub', 'shl shr_u', 'and or', 'eq ne']);
const plusOne = (digits) => String(BigInt(digits.replaceAll('_', '')) + 1n);

/** What is changed in code: a pattern, and what each match becomes. */
const codeRules = [
  [/(?<= )(===|!==|<<|>>>|&&|\|\||[<>]=?|[-+]=?|[&|*])(?= )/g, (operator) => [operators[operator]]],
  [/\b(true|false)\b/g, (literal) => [literal === 'true' ? 'false' : 'true']],
  [/(?<![\w.$#])(0x[\da-f_]+|\d[\d_]*)(?=n?\b)/gi, (digits) => [plusOne(digits)]],
  [/\+\+/g, () => ['--']],
  [/(?<=[(\s])!(?=[\w(#])/g, () => ['']],
  // Conditions, with parentheses four deep.
  [/(?<=\bif )\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)/g, () => ['(true)', '(false)']],
  // Statements of one line: calls, assignments, early exits.
  [/(?<=\n *)(this[.#]|[\w.#[\]]+\(|[\w.#[\]]+ [-+]?= |return\b|throw\b)[^\n{]*;(?=\n)/g, () => [';']],
];

/** What is changed in a WebAssembly text: what is removed leaves the stack as deep as it was. */
const textRules = [
  [/(?<=\bi(32|64)\.)(lt|le|gt|ge|add|sub|shl|shr_u|and|or|eq|ne)(?=\b|_)/g, (name) => [instructions[name]]],
  [/(?<=\bi(32|64)\.const )(0x[\da-f]+|\d+)/g, (digits) => [plusOne(digits)]],
  [/(?<=\boffset=)\d+/g, (digits) => [plusOne(digits)]],
  [/\bi32\.eqz\b/g, () => ['nop']],
  [/\bif\s+(i(32|64)\.const \d+\s+)?(return|unreachable)\s+end/g, (exit) => ['drop', `drop  i32.const 1  ${exit}`]],
  [/\b(br_if \$\w+|global\.set \$\w+|call \$raise_high)/g, () => ['drop']],
  [/\bi(32|64)\.store\w*|\bselect\b/g, () => ['drop  drop']],
  [/\bmemory\.(fill|copy)\b/g, () => ['drop  drop  drop']],
];

/** Two copies of a source, one with all strings and comments masked, one with all but the strings. */
function split(source) {
  const kinds = [];
  const open = []; // the quotes and `${` that are open, innermost last
  for (let at = 0; at < source.length; ) {
    const within = open.at(-1);
    const quoted = within !== undefined && within !== '{';
    const comment = quoted ? undefined : /^(\/\/.*|\/\*[\s\S]*?\*\/)/.exec(source.slice(at, at + 5000))?.[0];
    const isPair = quoted && (source[at] === '\\' || source.startsWith('${', at));
    const length = comment?.length ?? (isPair ? 2 : 1);
    kinds.push(...Array(length).fill(comment ? 'comment' : quoted ? 'text' : 'code'));
    if (quoted && source[at] === within) open.pop();
    else if (within === '`' && source.startsWith('${', at)) open.push('{');
    else if (!quoted && /['`"{]/.test(source[at])) open.push(source[at]);
    else if (!quoted && source[at] === '}') open.pop();
    at += length;
  }
  const only = (kind) => source.replace(/./g, (character, at) => (kinds[at] === kind ? character : '\0'));
  return { code: only('code'), text: only('text') };
}

/**
 * All changes of one source.
 * @param {string} source JavaScript, or TypeScript whose types are blanked
 * @param {boolean} hasInstructions whether its strings are WebAssembly texts, to be changed too
 * @returns {{ line: number, change: string, mutated: string }[]} the line from 1; the change, to print; the whole source with it
 */
export function mutantsOf(source, hasInstructions) {
  const { code, text } = split(source);
  const matches = [codeRules.map((rule) => [code, rule]), hasInstructions ? textRules.map((rule) => [text, rule]) : []]
    .flat()
    .flatMap(([searched, [pattern, become]]) =>
      [...searched.matchAll(pattern)].map((match) => ({ ...match, become, index: match.index })),
    );
  return matches.flatMap(({ 0: before, index, become }) =>
    become(before).map((after) => {
      const line = source.slice(0, index).split('\n').length;
      const [kept, rest] = [source.slice(0, index), source.slice(index + before.length)];
      const shown = source.split('\n')[line - 1].trim().replace(/ +/g, ' ');
      const removed = source.slice(index, index + before.length);
      return { line, change: `${removed} -> ${after || '(nothing)'}    in: ${shown}`, mutated: kept + after + rest };
    }),
  );
}
