import type { ComponentChildren, VNode } from 'preact';
import { formatCount } from '../../digits.ts';
import { formatBytes } from '../../inspection/module-types.ts';
import type { MappedPart, MappedSection, SectionMap } from '../../inspection/section-map.ts';
import { printable } from '../../printable.ts';
import { type Rectangle, treemap } from '../sections/treemap.ts';
import { writeState } from '../state.ts';
import { Run } from '../views/run.tsx';
import { Table } from '../views/table.tsx';
import { Name } from '../views/text.tsx';
import { useTask } from '../views/use-task.ts';
import type { PanelProps } from './panel.ts';

/** Where the bytes of the file are: sections, functions and segments by their size. */
export function Sections(props: PanelProps): VNode {
  const [run, start] = useTask(props, 'sections', true);
  return (
    <Run run={run} what="Measuring the sections" again={start}>
      {(map) => (
        <>
          <p class="note">
            {formatBytes(map.size)}. The larger a field, the more bytes it stands for. The tables below have the
            numbers.
          </p>
          <Treemap map={map} />
          <SectionTable map={map} />
          {map.sections
            .filter(({ parts }) => parts.length > 0)
            .map((section) => (
              <Parts key={section.offset} section={section} {...props} />
            ))}
        </>
      )}
    </Run>
  );
}

/** What a section is called: a custom one by its own name. */
function titleOf({ name, customName }: MappedSection): string {
  return customName === undefined ? name : `custom ${printable(customName, 60)}`;
}

/** What stands in the field of a part: what it is shows by the section around it. */
function partLabel({ index, name }: MappedPart): string {
  return name === '' ? String(index) : printable(name, 60);
}

/** What a part of a section is called. */
function partTitle({ name: section }: MappedSection, { index, name }: MappedPart): string {
  const kind = section === 'code' ? 'function' : 'segment';
  return name === '' ? `${kind} ${index}` : `${kind} ${index}: ${printable(name, 60)}`;
}

/** As wide as it is high, times this: so the map is drawn on a wide page. */
const ASPECT = 2;

const WHOLE: Rectangle = { x: 0, y: 0, width: ASPECT, height: 1 };

/** The map. Who cannot see it has the tables. */
function Treemap({ map }: { readonly map: SectionMap }): VNode {
  const sections = [...map.sections].sort((a, b) => b.size - a.size);
  const rectangles = treemap(
    sections.map(({ size }) => size),
    WHOLE,
  );
  return (
    <div class="treemap" aria-hidden="true">
      {sections.map((section, at) => (
        <Cell
          key={section.offset}
          kind={section.name}
          title={`${titleOf(section)}, ${formatBytes(section.size)}`}
          within={WHOLE}
          at={rectangles[at] ?? WHOLE}
        >
          <b>{titleOf(section)}</b>
          {section.parts.length > 1 && <Inner section={section} of={rectangles[at] ?? WHOLE} />}
        </Cell>
      ))}
    </div>
  );
}

/** The parts of a section, and one cell for all that are not shown one by one. */
function Inner({ section, of }: { readonly section: MappedSection; readonly of: Rectangle }): VNode {
  const within = { x: 0, y: 0, width: of.width, height: of.height };
  const { parts, others } = section;
  const cells = [
    ...parts.map((part) => ({ label: partLabel(part), title: partTitle(section, part), size: part.size })),
    ...(others.count > 0 ? [othersCell(others)] : []),
  ].sort((a, b) => b.size - a.size);
  const rectangles = treemap(
    cells.map(({ size }) => size),
    within,
  );
  return (
    <div class="inner">
      {cells.map(({ label, title, size }, at) => (
        <Cell
          key={`${at}`}
          kind="part"
          title={`${title}, ${formatBytes(size)}`}
          within={within}
          at={rectangles[at] ?? within}
        >
          {label}
        </Cell>
      ))}
    </div>
  );
}

function othersCell({ count, size }: MappedSection['others']) {
  const label = `${formatCount(count)} others`;
  return { label, title: label, size };
}

function Cell({
  kind,
  title,
  within,
  at,
  children,
}: {
  readonly kind: string;
  /** What is shown where a pointer rests: a small field has no room for a label. */
  readonly title: string;
  readonly within: Rectangle;
  readonly at: Rectangle;
  readonly children: ComponentChildren;
}): VNode {
  const percent = (value: number, whole: number): string => `${((100 * value) / whole).toFixed(3)}%`;
  const style = {
    left: percent(at.x, within.width),
    top: percent(at.y, within.height),
    width: percent(at.width, within.width),
    height: percent(at.height, within.height),
  };
  return (
    <div class={`cell kind-${kind}`} title={title} style={style}>
      {children}
    </div>
  );
}

/** An offset as a hex dump shows it. */
function hex(offset: number): string {
  return `0x${offset.toString(16).padStart(6, '0')}`;
}

/** A share of the whole in percent. */
function share(size: number, whole: number): string {
  return `${((100 * size) / Math.max(1, whole)).toFixed(1)} %`;
}

const number = { isNumeric: true } as const;

function SectionTable({ map: { size: whole, sections } }: { readonly map: SectionMap }): VNode {
  return (
    <Table
      caption="Sections of the module"
      columns={[
        { title: 'Section' },
        { title: 'Id', ...number },
        { title: 'Offset', ...number },
        { title: 'Bytes', ...number },
        { title: 'Share', ...number },
      ]}
      rows={sections.map(({ name, customName, id, offset, size }) => [
        customName === undefined ? (
          name
        ) : (
          <>
            custom <Name text={customName} max={100} />
          </>
        ),
        id ?? '',
        <code key="offset">{hex(offset)}</code>,
        formatCount(size),
        share(size, whole),
      ])}
    />
  );
}

/** The largest functions or segments of a section. Functions lead to their code. */
function Parts({ section, state }: PanelProps & { readonly section: MappedSection }): VNode {
  const { name, parts, others, size: whole } = section;
  const isCode = name === 'code';
  return (
    <>
      <h3>{isCode ? 'The largest functions' : 'The largest data segments'}</h3>
      <Table
        caption={isCode ? 'The largest functions' : 'The largest data segments'}
        columns={[
          { title: isCode ? 'Function' : 'Segment' },
          { title: 'Offset', ...number },
          { title: 'Bytes', ...number },
          { title: 'Share', ...number },
        ]}
        rows={parts.map((part) => [
          isCode ? (
            <a href={writeState({ ...state, panel: 'function', func: part.index })}>
              {part.index} {part.name !== '' && <Name text={part.name} max={100} />}
            </a>
          ) : (
            part.index
          ),
          <code key="offset">{hex(part.offset)}</code>,
          formatCount(part.size),
          share(part.size, whole),
        ])}
      />
      {others.count > 0 && (
        <p class="note">
          {formatCount(others.count)} more have {formatBytes(others.size)} together.
        </p>
      )}
    </>
  );
}
