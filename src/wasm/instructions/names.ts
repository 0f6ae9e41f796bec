/** The names that a row of the table writes: `i32.{eqz,eq} nop` is `i32.eqz`, `i32.eq` and `nop`. */
export function namesOf(names: string): readonly string[] {
  return names.split(' ').flatMap(expanded);
}

/** A pattern's names, as a shell expands braces: those of the first choice come first. Braces do not stand in one another. */
function expanded(pattern: string): readonly string[] {
  const [, before, choices, after] = /^(.*?)\{(.*?)\}(.*)$/.exec(pattern) ?? [];
  return choices?.split(',').flatMap((choice) => expanded(`${before}${choice}${after}`)) ?? [pattern];
}
