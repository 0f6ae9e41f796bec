import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { CallSettings } from '../call/settings.ts';
import { configOf, namesOf } from '../call/settings-text.ts';

interface HostProps {
  readonly settings: CallSettings;
  readonly onSettings: (settings: CallSettings) => void;
}

/** What a host gives a plugin of generation 1 beside its budgets. */
export function HostForm({ settings, onSettings }: HostProps): VNode {
  const change = (part: Partial<CallSettings>): void => onSettings({ ...settings, ...part });
  const { clockMs, isRandomFixed, admitsWithFunctions } = settings;
  return (
    <fieldset class="host">
      <legend>Host</legend>
      <div class="fields">
        <LinesField
          id="host-config"
          label="Configuration, KEY=VALUE on each line"
          about="What config_get finds. It is not kept in the address."
          read={(text) => {
            const config = configOf(text);
            if (config !== undefined) change({ config });
            return config !== undefined;
          }}
        />
        <LinesField
          id="host-capabilities"
          label="Capabilities, one on each line"
          about="What the host offers in the handshake."
          read={(text) => {
            change({ capabilities: namesOf(text) });
            return true;
          }}
        />
      </div>
      <label class="choice">
        <input
          type="checkbox"
          checked={admitsWithFunctions}
          onChange={({ currentTarget }) => change({ admitsWithFunctions: currentTarget.checked })}
        />{' '}
        Host functions during admission too
      </label>
      <label class="choice">
        <input
          type="checkbox"
          checked={clockMs !== null}
          onChange={({ currentTarget }) => change({ clockMs: currentTarget.checked ? STANDING_MS : null })}
        />{' '}
        The clock stands at 2026-01-01 00:00 UTC
      </label>
      <label class="choice">
        <input
          type="checkbox"
          checked={isRandomFixed}
          onChange={({ currentTarget }) => change({ isRandomFixed: currentTarget.checked })}
        />{' '}
        Random bytes are 0, 1, 2 and so on
      </label>
    </fieldset>
  );
}

/** The time of the clock that stands. */
const STANDING_MS = Date.UTC(2026, 0, 1);

/** A field of several lines. */
function LinesField({
  id,
  label,
  about,
  read,
}: {
  readonly id: string;
  readonly label: string;
  readonly about: string;
  /** Takes what was typed; returns whether it can. */
  readonly read: (text: string) => boolean;
}): VNode {
  const [isWrong, setWrong] = useState(false);
  return (
    <div class={isWrong ? 'field faulty' : 'field'}>
      <label for={id}>{label}</label>
      <textarea
        id={id}
        rows={2}
        spellcheck={false}
        aria-invalid={isWrong}
        aria-describedby={`${id}-about`}
        onChange={({ currentTarget }) => setWrong(!read(currentTarget.value))}
      />
      <p class={isWrong ? 'fault' : 'about'} id={`${id}-about`}>
        {isWrong ? 'expected KEY=VALUE on each line, and each key once' : about}
      </p>
    </div>
  );
}
