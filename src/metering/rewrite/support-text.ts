import {
  BYTES_PER_UNIT,
  meterGlobals,
  meterImports,
  PIECE_BYTES,
  PIECE_ENTRIES,
  STACK_SLOTS,
  THROW_UNITS,
  UNITS_PER_ENTRY,
} from '../layout.ts';
import { alwaysPresent, ELEMENT_TYPE, type IndexType } from './support-functions.ts';

/*
 * The support functions as text: `npm run generate` assembles them, see
 * `support-code.generated.ts`. Memories and tables have the index 0 in it, or 1 if they are the
 * source of a copy: operands, which get their indices when the function is added to a module.
 */

/**
 * A function that metering adds: its types as value types, with names, and its instructions as
 * text.
 */
export interface SupportText {
  readonly params: Readonly<Record<string, string>>;
  readonly results: readonly string[];
  readonly locals: Readonly<Record<string, 'i32' | 'i64'>>;
  readonly body: string;
  /** Bytes of code that is never executed, behind the body. */
  readonly padding?: number;
}

/**
 * This many bytes of code, never executed, make a function too long to be inlined: V8 and
 * JavaScriptCore inline no function of more than 500 bytes. If `refill` is inlined at every charge,
 * the optimiser keeps nothing in registers there: a program in SQLite took 580 ms on Bun, and takes
 * 64 to 120 ms with this code. Both engines inline by how often a call was executed. So the other
 * support functions stay short: each is called where its work is wanted, or hardly ever.
 */
const TOO_LONG_TO_INLINE = 512;

/**
 * The slice is used up, or the stack: asks for the next slice. When there is none, or no stack, the
 * call ends here, in a trap that nothing in the module catches. For the stack nothing is called,
 * since there may be no room for it: the negative amount tells the meter.
 */
const refill: SupportText = {
  params: {},
  results: ['i32'],
  locals: { counter: 'i32' },
  body: `
    global.get $stack  i32.const 0  i32.lt_s
    if  unreachable  end
    global.get $counter  global.get $time  call $tick
    i32.const 1  i32.sub  local.tee $counter
    global.set $counter
    i32.const 0  global.set $time
    local.get $counter  i32.const 0  i32.lt_s
    if  unreachable  end
    local.get $counter`,
  padding: TOO_LONG_TO_INLINE,
};

/** Charges time that is not fuel. */
const spend: SupportText = {
  params: { units: 'i32' },
  results: [],
  locals: {},
  body: `
    global.get $time  local.get $units  i32.add  global.set $time
    global.get $counter  local.get $units  i32.sub  global.set $counter
    global.get $counter  i32.const 0  i32.lt_s
    if  call $refill  drop  end`,
};

/**
 * A function is entered for the first time. An engine may have compiled it just before, which no
 * counter sees, so the clock is read: what is left of the slice is charged as time.
 */
const firstEntry: SupportText = {
  params: {},
  results: [],
  locals: {},
  body: `
    global.get $counter  i32.const 0  i32.ge_s
    if
      global.get $time  global.get $counter  i32.add  i32.const 1  i32.add  global.set $time
      i32.const -1  global.set $counter
    end
    call $refill  drop`,
};

/**
 * Charges the time of an exception that is thrown. An engine walks the stack for it, so it takes
 * longer the more of the stack is used: a unit for each slot, and `THROW_UNITS` in any case.
 */
const spendThrow: SupportText = {
  params: {},
  results: [],
  locals: { used: 'i32' },
  body: `
    i32.const ${STACK_SLOTS}  global.get $stack  i32.sub  local.tee $used
    i32.const 0  local.get $used  i32.const 0  i32.gt_s  select
    i32.const ${THROW_UNITS}  i32.add  call $spend`,
};

/**
 * The stack budget has no room for a frame that is not counted: leaves the negative amount behind
 * that tells the meter so.
 */
const overflow: SupportText = {
  params: {},
  results: [],
  locals: {},
  body: 'i32.const -1  global.set $stack  unreachable',
};

/** Takes bytes from the heap budget; when it is used up, the negative amount tells the meter so. */
const chargeHeap: SupportText = {
  params: { bytes: 'i64' },
  results: [],
  locals: {},
  body: `
    global.get $heap  local.get $bytes  i64.sub  global.set $heap
    global.get $heap  i64.const 0  i64.lt_s
    if  unreachable  end`,
};

const asI64 = (name: string, type: IndexType): string =>
  `local.get $${name}${type === 'i32' ? '  i64.extend_i32_u' : ''}`;
const asF64 = (name: string, type: IndexType): string => `local.get $${name}  f64.convert_${type}_u`;
const memoryBytes = (operand: number, type: IndexType): string =>
  `memory.size ${operand}${type === 'i32' ? '  i64.extend_i32_u' : ''}  i64.const 16  i64.shl`;
const tableEntries = (operand: number, type: IndexType): string =>
  `table.size ${operand}${type === 'i32' ? '  i64.extend_i32_u' : ''}`;

/**
 * Whether a range lies beyond what there is, so that the whole operation will trap before it does
 * anything.
 */
const beyond = (start: string, length: string, size: string): string => `
  ${length}  ${size}  i64.gt_u
  ${start}  ${size}  ${length}  i64.sub  i64.gt_u
  i32.or`;

/** What a bulk operation works on, and how much of it is done between two looks at the clock. */
interface Bulk {
  readonly size: (operand: number, type: IndexType) => string;
  readonly piece: number;
  /** Time units that a number of bytes or entries on the operand stack, an i64, takes: an i32. */
  readonly units: string;
  readonly pieceUnits: number;
  /**
   * More than any segment holds: a longer `init` traps, and is not charged. The units for as many
   * fit 32 bits.
   */
  readonly longest: number;
}

const bytes: Bulk = {
  size: memoryBytes,
  piece: PIECE_BYTES,
  units: `i64.const ${BYTES_PER_UNIT}  i64.div_u  i32.wrap_i64`,
  pieceUnits: PIECE_BYTES / BYTES_PER_UNIT,
  longest: 1 << 30,
};

const entries: Bulk = {
  size: tableEntries,
  piece: PIECE_ENTRIES,
  units: `i64.const ${UNITS_PER_ENTRY}  i64.mul  i32.wrap_i64`,
  pieceUnits: PIECE_ENTRIES * UNITS_PER_ENTRY,
  longest: 1 << 26,
};

/**
 * `memory.fill` and `table.fill`, in pieces when there is much to fill. A range out of bounds traps
 * at once, as the original does.
 */
function fill(bulk: Bulk, instruction: string, type: IndexType, valueType: string): SupportText {
  const operation = (length: string): string => `local.get $start  local.get $value  ${length}  ${instruction} 0`;
  return {
    params: { start: type, value: valueType, length: type },
    results: [],
    locals: {},
    body: `
      loop $pieces
        ${asI64('length', type)}  i64.const ${bulk.piece}  i64.le_u
        ${beyond(asI64('start', type), asI64('length', type), bulk.size(0, type))}
        i32.or
        if
          ${operation('local.get $length')}
          ${asI64('length', type)}  ${bulk.units}  call $spend
          return
        end
        ${operation(`${type}.const ${bulk.piece}`)}
        i32.const ${bulk.pieceUnits}  call $spend
        local.get $start   ${type}.const ${bulk.piece}  ${type}.add  local.set $start
        local.get $length  ${type}.const ${bulk.piece}  ${type}.sub  local.set $length
        br $pieces
      end`,
  };
}

/**
 * `memory.copy` and `table.copy`, in pieces when there is much to copy: from the end when the
 * ranges may overlap that way, so that no piece overwrites what a later one reads.
 */
function copy(bulk: Bulk, instruction: string, to: IndexType, from: IndexType, mayBeOne: boolean): SupportText {
  const lengthType: IndexType = to === 'i64' && from === 'i64' ? 'i64' : 'i32';
  const widen = (type: IndexType): string => (type === 'i64' && lengthType === 'i32' ? '  i64.extend_i32_u' : '');
  const operation = (operands: string): string => `${operands}  ${instruction} 0 1`;
  const backward = mayBeOne ? `${asI64('to', to)}  ${asI64('from', from)}  i64.gt_u` : 'i32.const 0';
  const piece = (type: IndexType): string => `${type}.const ${bulk.piece}`;
  return {
    params: { to: to, from: from, length: lengthType },
    results: [],
    locals: {},
    body: `
      loop $pieces
        ${asI64('length', lengthType)}  i64.const ${bulk.piece}  i64.le_u
        ${beyond(asI64('to', to), asI64('length', lengthType), bulk.size(0, to))}
        ${beyond(asI64('from', from), asI64('length', lengthType), bulk.size(1, from))}
        i32.or  i32.or
        if
          ${operation('local.get $to  local.get $from  local.get $length')}
          ${asI64('length', lengthType)}  ${bulk.units}  call $spend
          return
        end
        local.get $length  ${piece(lengthType)}  ${lengthType}.sub  local.set $length
        ${backward}
        if
          ${operation(`
          local.get $to    local.get $length${widen(to)}  ${to}.add
          local.get $from  local.get $length${widen(from)}  ${from}.add
          ${piece(lengthType)}`)}
        else
          ${operation(`local.get $to  local.get $from  ${piece(lengthType)}`)}
          local.get $to    ${piece(to)}  ${to}.add  local.set $to
          local.get $from  ${piece(from)}  ${from}.add  local.set $from
        end
        i32.const ${bulk.pieceUnits}  call $spend
        br $pieces
      end`,
  };
}

/**
 * Charges time for a length on the operand stack, unless it is longer than any segment: that will
 * trap.
 */
function spendLength(bulk: Bulk): SupportText {
  return {
    params: { length: 'i32' },
    results: [],
    locals: {},
    body: `
      local.get $length  i32.const ${bulk.longest}  i32.le_u
      if  local.get $length  i64.extend_i32_u  ${bulk.units}  call $spend  end`,
  };
}

/** Charges time for `memory.init`, given its length. */
const spendBytes: SupportText = spendLength(bytes);

/** Charges time for `table.init`, given its length. */
const spendEntries: SupportText = spendLength(entries);

/**
 * `memory.grow` and `table.grow`: the budget is asked first, and gets back what the engine did not
 * give.
 */
function grow(instruction: string, take: string, type: IndexType, elementType: string | undefined): SupportText {
  return {
    params: elementType === undefined ? { delta: type } : { value: elementType, delta: type },
    results: [type],
    locals: { before: type },
    body: `
      ${asF64('delta', type)}  call $${take}  i32.eqz
      if  unreachable  end
      ${elementType === undefined ? '' : 'local.get $value'}  local.get $delta  ${instruction} 0  local.tee $before
      ${type}.const -1  ${type}.eq
      if  ${asF64('delta', type)}  f64.neg  call $${take}  drop  end
      local.get $before`,
  };
}

const indexTypes: readonly IndexType[] = ['i32', 'i64'];

/** The functions of one index type, by the key of their code. */
const ofOneType = indexTypes.flatMap((type): [string, SupportText][] => [
  [`memory.fill ${type}`, fill(bytes, 'memory.fill', type, 'i32')],
  [`table.fill ${type}`, fill(entries, 'table.fill', type, ELEMENT_TYPE)],
  [`memory.grow ${type}`, grow('memory.grow', 'take_pages', type, undefined)],
  [`table.grow ${type}`, grow('table.grow', 'take_entries', type, ELEMENT_TYPE)],
]);

/** The functions of two index types. */
const ofTwoTypes = indexTypes.flatMap((to) =>
  indexTypes.flatMap((from) =>
    [false, true].flatMap((mayBeOne): [string, SupportText][] => {
      const kinds = `${to} ${from}${mayBeOne ? ' may be one' : ''}`;
      return [
        [`memory.copy ${kinds}`, copy(bytes, 'memory.copy', to, from, mayBeOne)],
        [`table.copy ${kinds}`, copy(entries, 'table.copy', to, from, mayBeOne)],
      ];
    }),
  ),
);

/** All support functions as text, by the key of their code. */
export const supportTexts: Readonly<Record<string, SupportText>> = {
  refill,
  spend,
  overflow,
  charge_heap: chargeHeap,
  first_entry: firstEntry,
  spend_throw: spendThrow,
  spend_bytes: spendBytes,
  spend_entries: spendEntries,
  ...Object.fromEntries([...ofOneType, ...ofTwoTypes]),
};

/** What the texts refer to. A symbol is a number for it in relocatable code. */
export interface SupportSymbols {
  /** The symbol of the first operand; that of the second follows. */
  readonly operands: number;
  readonly globals: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
}

/**
 * Numbers what the texts refer to: two operands, globals and imports of the meter, and the
 * functions that every metered module has.
 *
 * @param first the symbol of the first operand.
 * @returns the symbols.
 */
export function supportSymbols(first: number): SupportSymbols {
  let next = first + 2;
  const numbered = (names: readonly string[]) => new Map(names.map((name) => [name, next++]));
  const globals = numbered(Object.keys(meterGlobals));
  return { operands: first, globals, functions: numbered([...Object.keys(meterImports), ...alwaysPresent]) };
}
