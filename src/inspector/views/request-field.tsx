import type { VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import { printable } from '../../printable.ts';
import type { Edit } from '../request/edits.ts';
import { typedJson } from '../request/edits.ts';
import type { RequestFault } from '../request/faults.ts';
import { bytesOfText, type Control, type FormField } from '../request/fields.ts';
import { booleanNode, numberNode, stringNode } from '../request/json-document.ts';

/** What the fields of a form share. */
export interface FormContext {
  /** The faults of the request by their paths. */
  readonly faults: ReadonlyMap<string, RequestFault>;
  readonly onEdit: (edit: Edit) => void;
}

interface FieldProps extends FormContext {
  readonly field: FormField;
}

type ControlProps<Kind extends Control['kind']> = FieldProps & {
  readonly control: Extract<Control, { kind: Kind }>;
  /** The id of the label's text and of the fault's. */
  readonly ids: FieldIds;
};

interface FieldIds {
  readonly input: string;
  readonly fault: string;
  /** The id of the fault if there is one. */
  readonly describedBy: string | undefined;
}

/** One field of a request. Structs, unions, lists and maps hold more fields. */
export function Field(props: FieldProps): VNode {
  const { field, faults } = props;
  const id = useId();
  const fault = faults.get(field.pathText);
  const ids = { input: id, fault: `${id}-fault`, describedBy: fault === undefined ? undefined : `${id}-fault` };
  const name = printable(field.label, 80);
  const body = (
    <>
      <Presence {...props} ids={ids} />
      {field.control !== undefined && <Input {...props} control={field.control} ids={ids} />}
      {fault !== undefined && (
        <p class="fault" id={ids.fault}>
          expected {fault.expected}, found {fault.found}
        </p>
      )}
    </>
  );
  if (isGroup(field)) {
    return (
      <fieldset class="part" aria-describedby={ids.describedBy}>
        <legend>
          {name} <span class="type">{field.typeName}</span>
        </legend>
        {body}
      </fieldset>
    );
  }
  return (
    <div class={fault === undefined ? 'field' : 'field faulty'}>
      <label for={id}>
        {name} <span class="type">{field.typeName}</span>
      </label>
      {body}
    </div>
  );
}

const GROUPS: readonly Control['kind'][] = ['fields', 'variant', 'items', 'entries', 'other'];

function isGroup({ control }: FormField): boolean {
  return control === undefined || GROUPS.includes(control.kind);
}

/** Gives a value to what is null or missing, or takes it away. */
function Presence({ field, onEdit }: FieldProps & { readonly ids: FieldIds }): VNode | null {
  const { state, isOptional, path, label } = field;
  const name = printable(label, 80);
  if (state === 'given' && !isOptional) return null;
  if (state === 'given') {
    return (
      <button type="button" class="small" onClick={() => onEdit({ kind: 'null', path })}>
        Set {name} to null
      </button>
    );
  }
  return (
    <p class="absent">
      {state === 'null' ? 'null ' : 'is missing '}
      <button type="button" class="small" onClick={() => onEdit({ kind: 'give', field })}>
        Give {name} a value
      </button>
    </p>
  );
}

type Inputs = { readonly [Kind in Control['kind']]: (props: ControlProps<Kind>) => VNode };

type AnyControlProps = FieldProps & { readonly control: Control; readonly ids: FieldIds };

function Input(props: AnyControlProps): VNode {
  // The table has the component of this control's kind, which the compiler cannot follow.
  const Kind = INPUTS[props.control.kind] as (props: AnyControlProps) => VNode;
  return <Kind {...props} />;
}

const INPUTS: Inputs = {
  text: ({ field, control, ids, onEdit }) => (
    <TextInput
      ids={ids}
      value={control.value}
      onText={(text) => onEdit({ kind: 'set', path: field.path, value: stringNode(text) })}
    />
  ),
  bytes: BytesInput,
  number: ({ field, control, ids, onEdit }) => (
    <input
      id={ids.input}
      type="text"
      inputMode="numeric"
      autocomplete="off"
      value={control.token}
      placeholder={control.range}
      aria-invalid={ids.describedBy !== undefined}
      aria-describedby={ids.describedBy}
      onInput={({ currentTarget: { value } }) => onEdit({ kind: 'set', path: field.path, value: numberNode(value) })}
    />
  ),
  boolean: ({ field, control, ids, onEdit }) => (
    <input
      id={ids.input}
      type="checkbox"
      checked={control.value}
      onChange={({ currentTarget: { checked } }) =>
        onEdit({ kind: 'set', path: field.path, value: booleanNode(checked) })
      }
    />
  ),
  choice: ({ field, control: { value, values }, ids, onEdit }) => (
    <Choice
      ids={ids}
      value={value}
      values={values}
      onChoice={(text) => onEdit({ kind: 'set', path: field.path, value: stringNode(text) })}
    />
  ),
  json: JsonInput,
  fields: ({ control, ...props }) => <Fields {...props} fields={control.fields} />,
  variant: ({ control: { union, value, fields }, ...props }) => (
    <>
      <div class="field">
        <label for={props.ids.input}>{union.tag}</label>
        <Choice
          ids={props.ids}
          value={value}
          values={union.variants.map(({ name }) => name)}
          onChoice={(variant) => props.onEdit({ kind: 'vary', path: props.field.path, union, variant })}
        />
      </div>
      <Fields {...props} fields={fields} />
    </>
  ),
  items: ItemsInput,
  entries: EntriesInput,
  other: ({ field, control, onEdit }) => (
    <p class="absent">
      {control.what}{' '}
      <button type="button" class="small" onClick={() => onEdit({ kind: 'give', field })}>
        Begin {printable(field.label, 80)} anew
      </button>
    </p>
  ),
};

function Fields({ fields, faults, onEdit }: FormContext & { readonly fields: readonly FormField[] }): VNode {
  return (
    <>
      {fields.map((field) => (
        <Field key={field.pathText} field={field} faults={faults} onEdit={onEdit} />
      ))}
    </>
  );
}

/** A text on one line, or on several if it has any. */
function TextInput({
  ids,
  value,
  onText,
}: {
  readonly ids: FieldIds;
  readonly value: string;
  readonly onText: (text: string) => void;
}): VNode {
  const shared = {
    id: ids.input,
    value,
    spellcheck: false,
    autocomplete: 'off',
    'aria-invalid': ids.describedBy !== undefined,
    'aria-describedby': ids.describedBy,
  } as const;
  return value.includes('\n') ? (
    <textarea {...shared} rows={4} onInput={({ currentTarget }) => onText(currentTarget.value)} />
  ) : (
    <input {...shared} type="text" onInput={({ currentTarget }) => onText(currentTarget.value)} />
  );
}

/** Bytes as the text that they are, or as base64. */
function BytesInput({ field, control, ids, onEdit }: ControlProps<'bytes'>): VNode {
  const [wantsBase64, setWantsBase64] = useState(false);
  const isText = control.text !== undefined && !wantsBase64;
  const set = (base64: string): void => onEdit({ kind: 'set', path: field.path, value: stringNode(base64) });
  return (
    <>
      <textarea
        id={ids.input}
        rows={isText && control.text.length > 60 ? 4 : 2}
        spellcheck={false}
        value={isText ? control.text : control.base64}
        aria-invalid={ids.describedBy !== undefined}
        aria-describedby={ids.describedBy}
        onInput={({ currentTarget: { value } }) => set(isText ? bytesOfText(value) : value)}
      />
      {control.text === undefined ? (
        <p class="absent">as base64: these bytes are not a text</p>
      ) : (
        <label class="choice">
          <input
            type="checkbox"
            checked={wantsBase64}
            onChange={({ currentTarget }) => setWantsBase64(currentTarget.checked)}
          />{' '}
          {printable(field.label, 80)} as base64
        </label>
      )}
    </>
  );
}

/** JSON that the protocol passes on unread. What is typed counts once it is JSON. */
function JsonInput({ field, control, ids, onEdit }: ControlProps<'json'>): VNode {
  const [draft, setDraft] = useState<string>();
  const isBroken = draft !== undefined && typedJson(draft) === undefined;
  return (
    <>
      <textarea
        id={ids.input}
        rows={Math.min(8, control.text.split('\n').length + 1)}
        spellcheck={false}
        value={draft ?? control.text}
        aria-invalid={isBroken || ids.describedBy !== undefined}
        aria-describedby={ids.describedBy}
        onInput={({ currentTarget: { value: text } }) => {
          const value = typedJson(text);
          setDraft(text);
          if (value !== undefined) onEdit({ kind: 'set', path: field.path, value });
        }}
        onBlur={() => {
          if (!isBroken) setDraft(undefined);
        }}
      />
      {isBroken && <p class="fault">This is not JSON yet. The request keeps its last value.</p>}
    </>
  );
}

/** One of several names. Another name can be seen, but not chosen. */
function Choice({
  ids,
  value,
  values,
  onChoice,
}: {
  readonly ids: FieldIds;
  readonly value: string;
  readonly values: readonly string[];
  readonly onChoice: (value: string) => void;
}): VNode {
  const isKnown = values.includes(value);
  return (
    <select
      id={ids.input}
      value={value}
      aria-invalid={!isKnown}
      aria-describedby={ids.describedBy}
      onChange={({ currentTarget }) => onChoice(currentTarget.value)}
    >
      {!isKnown && (
        <option value={value} disabled>
          {printable(value, 60)} (not known)
        </option>
      )}
      {values.map((each) => (
        <option key={each} value={each}>
          {each}
        </option>
      ))}
    </select>
  );
}

function ItemsInput({ field, control, faults, onEdit }: ControlProps<'items'>): VNode {
  const { of, items, hidden, isFixed } = control;
  const { path } = field;
  const name = printable(field.label, 80);
  return (
    <>
      {items.length === 0 && hidden === 0 && <p class="absent">no items</p>}
      {items.map((item, index) => (
        <div key={item.pathText} class="item">
          <Field field={item} faults={faults} onEdit={onEdit} />
          {!isFixed && (
            <p class="actions">
              <button type="button" class="small" onClick={() => onEdit({ kind: 'remove', path: item.path })}>
                Remove {name}
                {item.label}
              </button>
              {index > 0 && (
                <button type="button" class="small" onClick={() => onEdit({ kind: 'move', path, index, by: -1 })}>
                  Move {name}
                  {item.label} up
                </button>
              )}
            </p>
          )}
        </div>
      ))}
      {hidden > 0 && <p class="note">{hidden} more are in the text only.</p>}
      {!isFixed && (
        <button type="button" class="small" onClick={() => onEdit({ kind: 'add', path, of })}>
          Add to {name}
        </button>
      )}
    </>
  );
}

function EntriesInput({ field, control, faults, onEdit }: ControlProps<'entries'>): VNode {
  const { of, entries, hidden } = control;
  const { path } = field;
  const name = printable(field.label, 80);
  return (
    <>
      {entries.length === 0 && hidden === 0 && <p class="absent">no entries</p>}
      {entries.map((entry) => (
        <div key={entry.pathText} class="item">
          <label class="key">
            Key{' '}
            <input
              type="text"
              value={entry.label}
              onChange={({ currentTarget }) =>
                onEdit({ kind: 'rename', path, from: entry.label, to: currentTarget.value })
              }
            />
          </label>
          <Field field={entry} faults={faults} onEdit={onEdit} />
          <button type="button" class="small" onClick={() => onEdit({ kind: 'remove', path: entry.path })}>
            Remove {printable(entry.label, 80)}
          </button>
        </div>
      ))}
      {hidden > 0 && <p class="note">{hidden} more are in the text only.</p>}
      <button type="button" class="small" onClick={() => onEdit({ kind: 'enter', path, of })}>
        Add to {name}
      </button>
    </>
  );
}
