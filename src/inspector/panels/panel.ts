import type { VNode } from 'preact';
import type { Generation } from '../../generation/index.ts';
import type { OpenPlugin } from '../plugin.ts';
import type { PageState, SetState } from '../state.ts';
import type { TaskRuns } from '../task-run.ts';
import type { WorkerClient } from '../worker/worker-client.ts';

/** What every panel gets. */
export interface PanelProps {
  readonly plugin: OpenPlugin;
  readonly worker: WorkerClient;
  /** What is known of the plugin from tasks that ran. */
  readonly runs: TaskRuns;
  readonly state: PageState;
  /** Changes fields of the state, and with them the address of the page. */
  readonly setState: SetState;
  /** Opens other bytes instead of this plugin. */
  readonly open: (file: string, bytes: Uint8Array<ArrayBuffer>) => void;
}

/** A part of the page about the open plugin. One is shown at a time. */
export interface Panel {
  /** Its id in the address of the page. */
  readonly id: string;
  readonly title: string;
  readonly component: (props: PanelProps) => VNode;
  /** The generations of plugins that it is for. */
  readonly generations: readonly Generation[];
  /** Whether it is for a file; by default for every valid module. */
  readonly isFor?: (plugin: OpenPlugin) => boolean;
}
