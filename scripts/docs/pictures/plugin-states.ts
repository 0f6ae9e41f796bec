import { arrow, type Picture, rectangle, svg, textAt } from './svg.ts';

const BOX = { width: 150, height: 52 } as const;

/** A state, by the corner of its box. */
interface State {
  readonly x: number;
  readonly y: number;
  readonly name: string;
  readonly about: string;
  readonly kind: 'box' | 'ready' | 'failed';
}

const [LEFT, SECOND, THIRD, RIGHT] = [24, 250, 476, 702];
const [TOP, MIDDLE, LOW] = [72, 200, 312];

const STATES: readonly State[] = [
  { x: LEFT, y: TOP, name: 'bytes', about: 'not read yet', kind: 'box' },
  { x: SECOND, y: TOP, name: 'compiled', about: 'may be shared', kind: 'box' },
  { x: THIRD, y: TOP, name: 'built', about: 'without an instance', kind: 'box' },
  { x: RIGHT, y: TOP, name: 'ready', about: 'with an instance', kind: 'ready' },
  { x: LEFT, y: MIDDLE, name: 'refused', about: 'nothing is kept', kind: 'failed' },
  { x: RIGHT, y: MIDDLE, name: 'in a call', about: 'a second: Reentrant', kind: 'box' },
  { x: RIGHT, y: LOW, name: 'disposed', about: 'a call: Disposed', kind: 'failed' },
];

/** A way from one state to another: an arrow, and lines of text at a place. */
interface Way {
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly at: readonly [x: number, y: number, anchor: 'start' | 'middle' | 'end'];
  readonly says: readonly string[];
}

const half = BOX.width / 2;
const below = TOP + BOX.height;
const level = TOP + BOX.height / 2;

const across = (from: number, to: number, says: string): Way => ({
  points: [
    [from + BOX.width, level],
    [to, level],
  ],
  at: [(from + BOX.width + to) / 2 - 4, level - 8, 'middle'],
  says: [says],
});

const WAYS: readonly Way[] = [
  across(LEFT, SECOND, 'compile'),
  across(SECOND, THIRD, 'build'),
  across(THIRD, RIGHT, 'first call'),
  {
    points: [
      [LEFT + half, below],
      [LEFT + half, MIDDLE],
    ],
    at: [LEFT + half + 10, below + 30, 'start'],
    says: ['not valid, a limit,', 'a feature'],
  },
  {
    points: [
      [SECOND + half, below],
      [SECOND + half, MIDDLE + 26],
      [LEFT + BOX.width, MIDDLE + 26],
    ],
    at: [SECOND + half + 10, below + 56, 'start'],
    says: ['imports, or the trial'],
  },
  {
    points: [
      [THIRD + half + 40, TOP],
      [THIRD + half + 40, TOP - 22],
      [THIRD + half - 40, TOP - 22],
      [THIRD + half - 40, TOP],
    ],
    at: [THIRD + half, TOP - 32, 'middle'],
    says: ['initialisation fails: the next call tries again'],
  },
  {
    points: [
      [RIGHT + 40, below],
      [RIGHT + 40, MIDDLE],
    ],
    at: [RIGHT + 32, below + 44, 'end'],
    says: ['a call'],
  },
  {
    points: [
      [RIGHT + 84, MIDDLE],
      [RIGHT + 84, below],
    ],
    at: [RIGHT + 92, below + 34, 'start'],
    says: ['returns,', 'or fails'],
  },
  {
    points: [
      [RIGHT, MIDDLE + 26],
      [THIRD + half, MIDDLE + 26],
      [THIRD + half, below],
    ],
    at: [THIRD + half + 10, MIDDLE + 44, 'start'],
    says: ['after _start:', 'variables are lost'],
  },
  {
    points: [
      [RIGHT + half, MIDDLE + BOX.height],
      [RIGHT + half, LOW],
    ],
    at: [RIGHT + half - 10, MIDDLE + BOX.height + 34, 'end'],
    says: ['dispose, at any time'],
  },
];

function drawState({ x, y, name, about, kind }: State): string[] {
  return [
    rectangle(kind, x, y, BOX.width, BOX.height),
    textAt(x + half, y + 22, name, 'text name', 'middle'),
    textAt(x + half, y + 41, about, 'muted', 'middle'),
  ];
}

function drawWay({ points, at: [x, y, anchor], says }: Way): string[] {
  return [arrow(points), ...says.map((line, index) => textAt(x, y + 17 * index, line, 'text', anchor))];
}

/** The states that abi/KERNEL.md names in "A call, step by step". */
export const pluginStates: Picture = {
  file: 'plugin-states.svg',
  title: 'The states of a plugin',
  draw: () =>
    svg(
      pluginStates.title,
      [
        'Bytes are compiled, or refused: they are not valid, exceed a limit, or use a feature that is not allowed.',
        'A compiled plugin is built, or refused: for its imports, or in the trial.',
        'A built plugin has no instance. The first call makes one and initialises it.',
        'If that fails, the next call tries again. A plugin with an instance is ready.',
        'A call returns or fails. The plugin is then ready again, its memory as the call left it.',
        'After a call of _start it is built, without an instance, and its variables are lost.',
        'A plugin can be disposed at any time.',
      ].join(' '),
      [880, LOW + BOX.height + 28],
      [
        ...WAYS.flatMap(drawWay),
        ...STATES.flatMap(drawState),
        textAt(LEFT, LOW + 22, 'A failed call leaves a plugin usable. Its memory is as the failure left it.', 'muted'),
        textAt(LEFT, LOW + 41, 'Variables live as long as the plugin, but not longer than a call of _start.', 'muted'),
      ],
    ),
};
