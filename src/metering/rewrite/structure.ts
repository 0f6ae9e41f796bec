import {
  functionName,
  readSections,
  readU32,
  SECTION,
  type Section,
  sectionReader,
  type WasmModule,
} from '../../wasm/index.ts';
import { type FunctionReference, MeteringError } from '../error.ts';
import { type LimitName, type LimitValues, MODULE_LIMITS } from '../limits.ts';
import { FunctionStructure } from './function-structure.ts';

/** The sections whose vectors are bounded, and by which limit. */
const COUNTED_SECTIONS: Readonly<Record<number, LimitName>> = {
  [SECTION.import]: 'imports',
  [SECTION.function]: 'functions',
  [SECTION.export]: 'exports',
  [SECTION.data]: 'dataSegments',
};

/** Compares the structure of a module with its limits: see {@link MODULE_LIMITS}. */
export class Structure {
  readonly #bytes: Uint8Array;
  readonly #limits: LimitValues;
  /** How much there is so far of what is counted over the whole module. */
  readonly #counts = new Map<LimitName, number>();

  /** @param bytes of the module. */
  constructor(bytes: Uint8Array, limits: LimitValues) {
    this.#bytes = bytes;
    this.#limits = limits;
    this.#check('moduleBytes', bytes.length, { offset: Math.min(bytes.length, limits.moduleBytes) });
  }

  /**
   * Compares what the framing of the sections says, before what is in them is read.
   *
   * @throws WasmFormatError if the framing is malformed.
   * @throws MeteringError `LimitExceeded`, as all methods of this class do.
   */
  sections(): void {
    for (const section of readSections(this.#bytes)) {
      const { id, name, offset, contentOffset, end } = section;
      const size = end - contentOffset;
      if (id === SECTION.custom) this.#add('customSections', 1, offset);
      else if (id === SECTION.code) this.#add('codeBytes', size, offset);
      else if (id !== SECTION.data) this.#add('declarationBytes', size, offset);
      if (name === 'name') this.#add('nameBytes', size, offset);
      if (id === SECTION.element) this.#add('elementBytes', size, offset);
      const counted = COUNTED_SECTIONS[id];
      if (counted !== undefined) this.#add(counted, readU32(sectionReader(this.#bytes, section)), offset);
    }
  }

  /** Compares what a module declares. @param globals how many there are, imported ones included. */
  declarations(module: WasmModule, globals: number): void {
    const imported = (kind: string): number => module.imports.filter((candidate) => candidate.kind === kind).length;
    const place = (id: number) => ({ offset: offsetOfSection(module.sections, id) });
    this.#check('types', module.types.length, place(SECTION.type));
    this.#check('tables', imported('table') + module.tables.length, place(SECTION.table));
    this.#check('memories', imported('memory') + module.memories.length, place(SECTION.memory));
    this.#check('tags', module.tags.length, place(SECTION.tag));
    this.#check('globals', globals, place(SECTION.global));
    const { offset } = place(SECTION.type);
    module.types.forEach((type, index) => {
      if (type.kind === 'func') {
        this.#check('params', type.params.length, { offset, type: index });
        this.#check('results', type.results.length, { offset, type: index });
      } else if (type.kind === 'struct') this.#check('fields', type.fields, { offset, type: index });
    });
  }

  /** Counts of functions, one after the other, and of all of them. */
  functions(importedFunctions: number): FunctionStructure {
    return new FunctionStructure(this.#limits, importedFunctions, (limit, offset, functionIndex) =>
      this.#exceeded(limit, { offset, function: functionIndex }),
    );
  }

  /** There is more of something outside of functions. */
  #add(name: LimitName, amount: number, offset: number): void {
    const count = (this.#counts.get(name) ?? 0) + amount;
    this.#counts.set(name, count);
    this.#check(name, count, { offset });
  }

  #check(name: LimitName, count: number, where: Place): void {
    if (count > this.#limits[name]) this.#exceeded(name, where);
  }

  #exceeded(limit: LimitName, where: Place): never {
    const max = this.#limits[limit];
    const { counts, of } = MODULE_LIMITS[limit];
    const inFunction = where.function === undefined ? undefined : this.#named(where.function);
    const subject = of === 'function' ? textOf(inFunction) : of === 'type' ? `type ${where.type}` : 'the module';
    const within = of === 'module' && inFunction !== undefined ? `, counted up to ${textOf(inFunction)}` : '';
    const reason = `${subject} has more than ${max} ${counts}${within} (limits.${limit})`;
    const failure = { kind: 'LimitExceeded', offset: where.offset, reason, limit, max } as const;
    throw new MeteringError(inFunction === undefined ? failure : { ...failure, function: inFunction });
  }

  #named(index: number): FunctionReference {
    const name = functionName(this.#bytes, index);
    return name === undefined ? { index } : { index, name };
  }
}

/**
 * Where a limit is exceeded: the offset in bytes, and the index of the function or type that it is
 * in.
 */
interface Place {
  readonly offset: number;
  readonly function?: number;
  readonly type?: number;
}

/** So much of a function's name is shown: it may be 100,000 bytes long. */
const NAME_SHOWN = 100;

function textOf(named: FunctionReference | undefined): string {
  if (named === undefined) return 'a function';
  const { index, name } = named;
  if (name === undefined) return `function ${index}`;
  return `function ${index} (${name.length > NAME_SHOWN ? `${name.slice(0, NAME_SHOWN)}...` : name})`;
}

function offsetOfSection(sections: readonly Section[], id: number): number {
  const imports = sections.find((section) => section.id === SECTION.import);
  return (sections.find((section) => section.id === id) ?? imports)?.offset ?? 0;
}
