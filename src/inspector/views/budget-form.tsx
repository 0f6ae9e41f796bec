import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatCount } from '../../digits.ts';
import type { Generation } from '../../generation/index.ts';
import {
  BUDGETS,
  type BudgetValues,
  budgetOf,
  budgetsOf,
  limitText,
  moduleLimits,
  withBudget,
} from '../call/budgets.ts';

interface BudgetProps {
  readonly values: BudgetValues;
  readonly onValues: (values: BudgetValues) => void;
}

/** The budgets of a host, and the limits on a module, with a field for each. */
export function BudgetForm({ generation, values, onValues }: BudgetProps & { readonly generation: Generation }): VNode {
  const set = Object.keys(values).filter((name) => !Object.hasOwn(BUDGETS, name));
  return (
    <fieldset class="budgets">
      <legend>Budgets</legend>
      <p class="note">An empty field means the default; “none” means no budget.</p>
      <div class="fields">
        {budgetsOf(generation).map(({ name, label, unit, byDefault, about }) => (
          <BudgetField
            key={name}
            label={label}
            about={`${about} In ${unit}; ${formatCount(byDefault[generation] ?? 0)} by default.`}
            value={values[name]}
            onValue={(value) => onValues(withBudget(values, name, value))}
          />
        ))}
        {set.map((name) => (
          <BudgetField
            key={name}
            label={`Limit ${name}`}
            about={`${limitText(name)}.`}
            value={values[name]}
            onValue={(value) => onValues(withBudget(values, name, value))}
          />
        ))}
      </div>
      <LimitChoice values={values} onValues={onValues} />
    </fieldset>
  );
}

/** A field for one budget. What is typed counts if it is a budget. */
function BudgetField({
  label,
  about,
  value,
  onValue,
}: {
  readonly label: string;
  readonly about: string;
  readonly value: number | undefined;
  readonly onValue: (value: number | undefined) => void;
}): VNode {
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? textOf(value);
  const isWrong = Number.isNaN(budgetOf(shown));
  const id = `budget-${label.toLowerCase().replaceAll(' ', '-')}`;
  return (
    <div class={isWrong ? 'field faulty' : 'field'}>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode="numeric"
        autocomplete="off"
        value={shown}
        aria-invalid={isWrong}
        aria-describedby={`${id}-about`}
        onInput={({ currentTarget: { value: text } }) => {
          const given = budgetOf(text);
          setTyped(text);
          if (!Number.isNaN(given)) onValue(given);
        }}
        onBlur={() => {
          if (!isWrong) setTyped(undefined);
        }}
      />
      <p class={isWrong ? 'fault' : 'about'} id={`${id}-about`}>
        {isWrong ? 'expected a whole number, or none' : about}
      </p>
    </div>
  );
}

function textOf(value: number | undefined): string {
  if (value === undefined) return '';
  return value === Number.POSITIVE_INFINITY ? 'none' : String(value);
}

/** Adds a field for a limit on the module: there are too many to show all. */
function LimitChoice({ values, onValues }: BudgetProps): VNode {
  return (
    <div class="field">
      <label for="module-limit">Limit on the module</label>
      <select
        id="module-limit"
        value=""
        onChange={({ currentTarget }) => {
          const { value: name } = currentTarget;
          currentTarget.value = '';
          if (name !== '') onValues(withBudget(values, name, 0));
        }}
      >
        <option value="">Choose one to set it</option>
        {moduleLimits
          .filter((name) => values[name] === undefined)
          .map((name) => (
            <option key={name} value={name}>
              {name}: {limitText(name)}
            </option>
          ))}
      </select>
    </div>
  );
}
