import { useEffect, useState } from 'preact/hooks';
import type { PanelProps } from '../panels/panel.ts';
import type { TaskRun } from '../task-run.ts';
import type { PluginInput } from '../worker/plugin-input.ts';
import type { InputOf, TaskName } from '../worker/tasks.ts';

/** The tasks that need nothing but the plugin. */
type PluginTask = { [Name in TaskName]: PluginInput extends InputOf<Name> ? Name : never }[TaskName];

/**
 * Shows a component how far a task about the open plugin is, and draws it again when that changes.
 *
 * @param isAuto whether the task starts when the component is first shown.
 * @returns how far it is, and a function that starts it.
 */
export function useTask<Name extends PluginTask>(
  { plugin, worker, runs }: Pick<PanelProps, 'plugin' | 'worker' | 'runs'>,
  name: Name,
  isAuto: boolean,
): readonly [run: TaskRun<Name>, start: () => void] {
  const [, setDrawn] = useState(0);
  const start = (): void => {
    const input: PluginInput = { file: plugin.file, bytes: plugin.bytes };
    // The cast: the tasks of this type take what every task about a plugin gets.
    runs.start(worker, plugin.id, name, input as InputOf<Name>);
  };
  useEffect(() => runs.subscribe(() => setDrawn((count) => count + 1)), [runs]);
  useEffect(() => {
    if (isAuto && runs.runOf(plugin.id, name).kind === 'none') start();
  }, [plugin.id]);
  return [runs.runOf(plugin.id, name), start];
}
