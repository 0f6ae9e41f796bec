import { BLOCKS_START, HEADER_BYTES, PAGE_BYTES } from '../../../src/kernel/code/layout.ts';
import { arrow, lineAt, type Picture, rectangle, svg, textAt } from './svg.ts';

const WIDTH = 880;
const LEFT = 24;
const STRIP = { y: 92, height: 56 } as const;

const counted = new Intl.NumberFormat('en-US').format;

/** What a part of memory is: its class, and what loads and stores do there. */
const KINDS = {
  own: { kind: 'box', name: `below ${counted(BLOCKS_START)}: the kernel's own`, load: '0', store: 'nothing' },
  head: { kind: 'failed', name: `${HEADER_BYTES} bytes before a block, and maps`, load: 'the bytes', store: 'nothing' },
  live: { kind: 'ready', name: 'a live block', load: 'the bytes', store: 'the bytes' },
  freed: { kind: 'freed', name: 'a freed block, until it is used again', load: 'the bytes', store: 'the bytes' },
  unused: { kind: 'page', name: 'behind the last block', load: 'the bytes, 0 at first', store: 'the bytes' },
} as const;

interface Part {
  readonly of: keyof typeof KINDS;
  readonly width: number;
  readonly text?: string;
}

/** The parts of memory, not to scale. */
const PARTS: readonly Part[] = [
  { of: 'own', width: 118, text: 'kernel' },
  { of: 'head', width: 20 },
  { of: 'live', width: 170, text: 'input' },
  { of: 'head', width: 20 },
  { of: 'freed', width: 110, text: 'freed' },
  { of: 'head', width: 20 },
  { of: 'live', width: 174, text: 'block' },
  { of: 'unused', width: 200, text: 'unused' },
];

/** Where a part begins; one more is where the last one ends. */
const start = (index: number): number => PARTS.slice(0, index).reduce((x, { width }) => x + width, LEFT);

const bottom = STRIP.y + STRIP.height;

function drawPart({ of, width, text }: Part, index: number): string[] {
  const box = rectangle(KINDS[of].kind, start(index), STRIP.y, width, STRIP.height, 3);
  const name = text === undefined ? [] : [textAt(start(index) + width / 2, STRIP.y + 33, text, 'text', 'middle')];
  return [box, ...name];
}

/** An offset, written above the strip. */
function offsetAt(x: number, text: string, anchor: 'start' | 'middle' | 'end'): string[] {
  return [lineAt('life', x, STRIP.y - 12, x, STRIP.y), textAt(x, STRIP.y - 18, text, 'muted', anchor)];
}

/** A handle or an offset, as an arrow from below. */
function pointer(x: number, text: string, level: number): string[] {
  const y = bottom + 34 + level * 22;
  return [
    arrow([
      [x, y],
      [x, bottom + 2],
    ]),
    textAt(x + 8, y, text, 'text code'),
  ];
}

const TABLE = { y: 248, row: 26 } as const;

function drawTable(): string[] {
  const columns = [LEFT + 30, 440, 640];
  const head = ['part of kernel memory', 'a load reads', 'a store writes'];
  const rows = [...Object.values(KINDS), { kind: undefined, name: 'beyond the end', load: '0', store: 'nothing' }];
  return [
    ...head.map((text, at) => textAt(columns[at] ?? 0, TABLE.y, text, 'muted')),
    ...rows.flatMap(({ kind, name, load, store }, index) => {
      const y = TABLE.y + (index + 1) * TABLE.row;
      const swatch = kind === undefined ? [] : [rectangle(kind, LEFT, y - 13, 18, 18, 3)];
      return [...swatch, ...[name, load, store].map((text, at) => textAt(columns[at] ?? 0, y, text))];
    }),
  ];
}

/** The memory of the kernel as this package lays it out, which no plugin should depend on. */
export const kernelMemory: Picture = {
  file: 'kernel-memory.svg',
  title: 'The memory of the kernel',
  draw: () =>
    svg(
      kernelMemory.title,
      [
        `From offset 0 to ${counted(BLOCKS_START)} the memory is the kernel's own.`,
        `Then come blocks, one after the other, each behind a head of ${HEADER_BYTES} bytes:`,
        'the input, a freed block, another block. What follows is unused, up to the size of the memory.',
        'A handle is the offset of the first byte of a block. The output is any range.',
        ...Object.values(KINDS).map(
          ({ name, load, store }) => `${name}: a load reads ${load}, a store writes ${store}.`,
        ),
      ].join(' '),
      [WIDTH, TABLE.y + 7 * TABLE.row],
      [
        textAt(LEFT, 34, 'kernel memory', 'text name'),
        textAt(LEFT + 130, 34, 'as this package lays it out; not to scale', 'muted'),
        ...PARTS.flatMap(drawPart),
        ...drawTable(),
        ...offsetAt(LEFT, '0', 'start'),
        ...offsetAt(start(2), counted(BLOCKS_START), 'middle'),
        ...offsetAt(start(7), 'end of the last block', 'end'),
        ...offsetAt(start(8), `size: a multiple of ${counted(PAGE_BYTES)}`, 'end'),
        ...pointer(start(2) + 1, 'input_offset: a handle', 0),
        ...pointer(start(6) + 1, 'a handle, as alloc returns it', 1),
        ...pointer(start(6) + 24, 'output_offset: any range, with output_length', 0),
      ],
    ),
};
