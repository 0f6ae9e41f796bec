// Marks what a module makes when it is loaded, so that bundlers drop what a program does not use.
import { type AnyNode, type CallExpression, type NewExpression, parse, type VariableDeclarator } from 'acorn';
import { type Insertion, type Output, withInsertions } from './insertions.ts';

/** What all bundlers read. esbuild writes it too, but not into code without whitespace. */
const PURE = '/*@__PURE__*/';
const BEFORE = `${PURE}(()=>(`;
const AFTER = '))()';

/** What runs later, if at all. */
const FUNCTIONS: readonly string[] = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

const isCall = (node: AnyNode): node is CallExpression | NewExpression =>
  node.type === 'CallExpression' || node.type === 'NewExpression';

/** The parts of a node that run when the node does. */
function partsOf(node: AnyNode): AnyNode[] {
  if (FUNCTIONS.includes(node.type)) return [];
  // A field of an instance gets its value when the instance is made.
  if (node.type === 'PropertyDefinition' && !node.static) return node.computed ? [node.key] : [];
  return Object.values(node).flat().filter(isNode);
}

const within = (node: AnyNode): AnyNode[] => [node, ...partsOf(node).flatMap(within)];

/** Whether a bundler takes a node for one that may do something, such as call a getter. */
function mayDoSomething(node: AnyNode): boolean {
  if (node.type === 'TemplateLiteral') return node.expressions.length > 0;
  if (node.type === 'Property') return node.computed;
  return ['SpreadElement', 'MemberExpression', 'BinaryExpression'].includes(node.type);
}

/** Marks the calls among nodes. `f()()` is two that begin at one place. */
function markedCalls(nodes: readonly AnyNode[]): Insertion[] {
  const offsets = nodes.filter(isCall).map(({ start }) => start);
  return [...new Set(offsets)].map((offset) => ({ offset, text: PURE }));
}

/** Whether a value stays as it is: a class in a call has no name, and bundlers move a number. */
function staysAsItIs(init: AnyNode): boolean {
  return init.type === 'ClassExpression' || (init.type === 'BinaryExpression' && init.operator !== 'in');
}

/** A mark says of a call that it does nothing. So what may do something becomes one. */
function markedValue({ init }: VariableDeclarator): Insertion[] {
  if (init === null || init === undefined) return [];
  const nodes = within(init);
  const callees = nodes.flatMap((node) => (isCall(node) ? [node.callee] : []));
  const isCalled = (node: AnyNode): boolean => callees.some((callee) => callee === node);
  if (staysAsItIs(init) || !nodes.some((node) => mayDoSomething(node) && !isCalled(node))) return markedCalls(nodes);
  return [
    { offset: init.start, text: BEFORE },
    { offset: init.end, text: AFTER },
  ];
}

/**
 * Marks the values that a module makes when it is loaded. The module must do nothing then but make
 * what it declares. Statements that are no declarations stay as they are.
 *
 * @param output the module, and its source map.
 * @returns the module with marks, and the source map that fits it.
 */
export function withPureValues(output: Output): Output {
  const { body } = parse(output.code, { ecmaVersion: 'latest', sourceType: 'module' });
  const declarations = body.map((node) => (node.type === 'ExportNamedDeclaration' ? node.declaration : node));
  const marks = declarations.flatMap((node): Insertion[] => {
    if (node?.type === 'VariableDeclaration') return node.declarations.flatMap(markedValue);
    return node?.type === 'ClassDeclaration' ? markedCalls(within(node)) : [];
  });
  return withInsertions(
    output,
    marks.sort((a, b) => a.offset - b.offset),
  );
}
