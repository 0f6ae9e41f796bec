import type { VNode } from 'preact';
import type { Sample } from '../samples.ts';
import type { ChosenFile } from './use-open-plugin.ts';

/** Where a person chooses a file or a sample. A file can be dropped anywhere on the page. */
export function Chooser({
  samples,
  sample,
  onFiles,
  onSample,
}: {
  readonly samples: readonly Sample[];
  /** The id of the sample that is open; '' for none. */
  readonly sample: string;
  readonly onFiles: (files: readonly ChosenFile[]) => void;
  readonly onSample: (id: string) => void;
}): VNode {
  const groups = [...new Set(samples.map(({ group }) => group))];
  return (
    <div class="chooser">
      <p>
        <label for="file">Choose a plugin, or drop it anywhere on the page</label>
        <input
          id="file"
          type="file"
          accept=".wasm,application/wasm"
          onChange={({ currentTarget }) => {
            onFiles([...(currentTarget.files ?? [])]);
            // So that the same file can be chosen again after it was built anew.
            currentTarget.value = '';
          }}
        />
      </p>
      <p>
        <label for="sample">Or open a sample</label>
        <select id="sample" value={sample} onChange={({ currentTarget }) => onSample(currentTarget.value)}>
          <option value="">No sample</option>
          {groups.map((group) => (
            <optgroup key={group} label={group}>
              {samples
                .filter((each) => each.group === group)
                .map(({ id, file, about }) => (
                  <option key={id} value={id}>
                    {file}: {about}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </p>
    </div>
  );
}
