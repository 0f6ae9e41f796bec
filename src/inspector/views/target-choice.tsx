import type { VNode } from 'preact';
import type { Callable, CallTarget } from '../request/callables.ts';

/** What is called, in which version, and with which request to begin with. */
export function TargetChoice({
  callables,
  target,
  implemented,
  samples,
  sample,
  onTarget,
  onSample,
}: {
  readonly callables: readonly Callable[];
  readonly target: CallTarget;
  /** What the plugin implements. */
  readonly implemented: readonly string[];
  /** What each of the requests has. */
  readonly samples: readonly string[];
  /** What the request has; '' if the reader wrote it. */
  readonly sample: string;
  readonly onTarget: (target: CallTarget) => void;
  readonly onSample: (what: string) => void;
}): VNode {
  const versions = [...(callables.find(({ name }) => name === target.name)?.requests.keys() ?? [])];
  const newest = (name: string): string =>
    [...(callables.find((each) => each.name === name)?.requests.keys() ?? [])].at(-1) ?? '';
  return (
    <div class="fields target">
      <div class="field">
        <label for="call-name">Function or hook</label>
        <select
          id="call-name"
          value={target.name}
          onChange={({ currentTarget: { value: name } }) => onTarget({ name, version: newest(name) })}
        >
          {callables.map(({ name }) => (
            <option key={name} value={name}>
              {implemented.includes(name) ? name : `${name} (not in this plugin)`}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="call-version">Version of its messages</label>
        <select
          id="call-version"
          value={target.version}
          disabled={versions.length < 2}
          onChange={({ currentTarget: { value: version } }) => onTarget({ ...target, version })}
        >
          {versions.map((version) => (
            <option key={version} value={version}>
              {version}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="call-sample">Begin with</label>
        <select id="call-sample" value={sample} onChange={({ currentTarget }) => onSample(currentTarget.value)}>
          {sample === '' && <option value="">your own request, below</option>}
          {samples.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
