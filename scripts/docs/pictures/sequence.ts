import { arrow, lineAt, rectangle, svg, textAt } from './svg.ts';

/** A party of a sequence. */
export interface Party {
  readonly name: string;
  /** Where its line is. */
  readonly x: number;
}

/** A call of one party by another. */
export interface CallStep {
  /** What the step belongs to: written beside the first step that has it. */
  readonly part?: string;
  readonly from: string;
  readonly to: string;
  /** What is called, and with what. */
  readonly call: string;
  /** What comes back; without it the answer is not drawn. */
  readonly answer?: string;
  /** What is said beside it, in one or two lines. */
  readonly beside?: readonly string[];
}

/** What a party does by itself. */
export interface NoteStep {
  readonly part?: string;
  readonly at: string;
  readonly note: string;
  /** A second line. */
  readonly more?: string;
  readonly beside?: readonly string[];
}

/** A step of a sequence. */
export type Step = CallStep | NoteStep;

/** A sequence diagram. */
export interface Sequence {
  readonly title: string;
  readonly width: number;
  readonly parties: readonly Party[];
  /** Where the texts beside the steps begin. */
  readonly besideX: number;
  readonly steps: readonly Step[];
}

/** The places of a sequence between a host and a plugin. */
export const HOST_AND_PLUGIN = {
  width: 880,
  parties: [
    { name: 'host', x: 190 },
    { name: 'plugin', x: 640 },
  ],
  besideX: 664,
} as const satisfies Partial<Sequence>;

const HEAD = 64;
const LABEL = 16;
/** The heights of a call with an answer, one without, a note, and one with two lines. */
const HEIGHT = { call: 72, signal: 40, note: 44, long: 60 } as const;
const NOTE_WIDTH = 330;

/** Draws a sequence, as the report of `cc-lb-plugin verify` draws its exchange. */
export function drawSequence({ title, width, parties, besideX, steps }: Sequence): string {
  const height = steps.reduce((sum, step) => sum + heightOf(step), HEAD + 20);
  const positions = new Map(parties.map(({ name, x }) => [name, x]));
  const positionOf = (name: string): number => {
    const x = positions.get(name);
    if (x === undefined) throw new Error(`${title}: there is no party ${name}`);
    return x;
  };
  let y = HEAD;
  const drawn = steps.flatMap((step, index) => {
    const top = y;
    y += heightOf(step);
    const label = step.part === steps[index - 1]?.part ? [] : [textAt(LABEL, top + 26, step.part ?? '', 'text name')];
    const beside = (step.beside ?? []).map((line, at) => textAt(besideX, top + 26 + 17 * at, line, 'muted'));
    return [
      ...label,
      ...('call' in step ? drawCall(step, top, positionOf) : drawNote(step, top, positionOf)),
      ...beside,
    ];
  });
  const lives = parties.map(({ x }) => lineAt('life', x, 46, x, height - 10));
  return svg(
    title,
    `${steps.map(describe).join('. ')}.`,
    [width, height],
    [...lives, ...parties.flatMap(drawHead), ...drawn],
  );
}

function heightOf(step: Step): number {
  if ('call' in step) return step.answer === undefined ? HEIGHT.signal : HEIGHT.call;
  return step.more === undefined ? HEIGHT.note : HEIGHT.long;
}

function drawHead({ name, x }: Party): string[] {
  return [rectangle('box', x - 54, 12, 108, 34), textAt(x, 34, name, 'text name', 'middle')];
}

function drawCall({ from, to, call, answer }: CallStep, top: number, positionOf: (name: string) => number): string[] {
  const [start, end] = [positionOf(from), positionOf(to)];
  const edge = end > start ? end - 5 : end + 5;
  const [go, back] = [top + 26, top + 56];
  const middle = (start + end) / 2;
  const bottom = answer === undefined ? go : back;
  return [
    rectangle('active', end - 5, go - 4, 10, bottom - go + 8, 3),
    textAt(middle, go - 6, call, 'text', 'middle'),
    arrow([
      [start, go],
      [edge, go],
    ]),
    ...(answer === undefined
      ? []
      : [
          textAt(middle, back - 6, answer, 'text', 'middle'),
          arrow(
            [
              [edge, back],
              [start, back],
            ],
            'back',
          ),
        ]),
  ];
}

function drawNote({ at, note, more }: NoteStep, top: number, positionOf: (name: string) => number): string[] {
  const x = positionOf(at);
  const box = rectangle('box', x - 6, top + 6, NOTE_WIDTH, more === undefined ? 30 : 46);
  return [box, textAt(x + 8, top + 26, note), ...(more === undefined ? [] : [textAt(x + 8, top + 43, more, 'muted')])];
}

function describe(step: Step): string {
  const part = step.part === undefined ? '' : `${step.part}: `;
  const beside = step.beside === undefined ? '' : ` (${step.beside.join(' ')})`;
  if ('note' in step) return `${part}${step.at}: ${[step.note, step.more].filter(Boolean).join(', ')}${beside}`;
  const answer = step.answer === undefined ? '' : `, which answers: ${step.answer}`;
  return `${part}${step.from} to ${step.to}: ${step.call}${answer}${beside}`;
}
