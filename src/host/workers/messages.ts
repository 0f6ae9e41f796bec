import type { RemoteAnswer, RemoteCommand } from '../remote/commands.ts';

/** What a host posts to a worker: first the shared memory, if there is one; then commands. */
export type ToWorker =
  | { readonly kind: 'channel'; readonly memory: SharedArrayBuffer | undefined; readonly life: string | undefined }
  | { readonly kind: 'command'; readonly command: RemoteCommand };

/** What a worker posts to its host: first that it is ready. */
export type FromWorker = { readonly kind: 'ready' } | { readonly kind: 'answer'; readonly answer: RemoteAnswer };

/** Where a worker gets messages from, and posts them to. */
export interface Port {
  post(message: FromWorker, transfer: ArrayBuffer[]): void;
  onMessage(listener: (message: ToWorker) => void): void;
}
