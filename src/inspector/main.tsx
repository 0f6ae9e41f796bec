/**
 * The script of the page, and of its worker: where there is no document, it serves tasks. So the
 * library is in the page once.
 */
import { render } from 'preact';
import { App } from './app.tsx';
import { readRuleDocuments } from './rule-documents.ts';
import { readSamples } from './samples.ts';
import { TaskRuns } from './task-run.ts';
import type { TaskMessage } from './worker/messages.ts';
import { taskServer } from './worker/serve-tasks.ts';
import { holdLife, workersOf } from './worker/start-worker.ts';
import { tasks } from './worker/tasks.ts';
import { WorkerClient } from './worker/worker-client.ts';

/** The ids of the elements that the build writes into the page. */
const ELEMENTS = { page: 'page', samples: 'samples' } as const;

function serve(): void {
  holdLife(self.name);
  const server = taskServer(tasks, (reply) => globalThis.postMessage(reply));
  addEventListener('message', ({ data }: MessageEvent<TaskMessage>) => void server(data));
}

function show(script: string): void {
  const worker = new WorkerClient(workersOf(script));
  const samples = readSamples(element(ELEMENTS.samples).textContent ?? '[]');
  const page = element(ELEMENTS.page);
  // What the page says where no script runs.
  page.replaceChildren();
  render(<App worker={worker} runs={new TaskRuns()} samples={samples} documents={readRuleDocuments(document)} />, page);
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
}

if (typeof document === 'undefined') serve();
else show(document.currentScript?.textContent ?? '');
