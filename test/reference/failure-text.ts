/** The compared parts of a failure: its kind, and its fields except messages. */
interface Failure {
  readonly kind: string;
  readonly violation?: { readonly kind: string };
}

/** The fields that only this host has, by kind. The published one does not tell as much. */
const OWN_FIELDS: Readonly<Record<string, string>> = {
  MissingCustomSection: 'near',
  DeclaredFunctionMissing: 'found',
  Timeout: 'call',
};

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * A failure as Rust's `Debug` prints it, with fields sorted by name. Only the kind if the failure
 * has a reason.
 */
export function failureText(failure: Failure): string {
  const { kind, violation, ...fields } = failure;
  if (violation !== undefined) return `${kind}(${failureText(violation)})`;
  if ('reason' in fields) return kind;
  const printed = Object.entries(fields)
    .filter(([name]) => name !== OWN_FIELDS[kind])
    .map(([name, value]) => `${snake(name)}: ${printedValue(value)}`);
  return printed.length === 0 ? kind : `${kind} { ${printed.sort().join(', ')} }`;
}

function printedValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printedValue).join(', ')}]`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** A text of Rust's `Debug`, with fields sorted by name. */
export function sortedFields(text: string): string {
  const inner = /^(\w+)\((.*)\)$/s.exec(text);
  if (inner !== null) return `${inner[1]}(${sortedFields(inner[2] ?? '')})`;
  const fields = /^(\w+) \{ (.*) \}$/s.exec(text);
  if (fields === null) return text;
  return `${fields[1]} { ${(fields[2] ?? '')
    .split(/, (?=\w+: )/)
    .sort()
    .join(', ')} }`;
}
