import { reasonOf } from '../../failure.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { HostMetrics } from '../host-metrics.ts';
import { errorOf } from './carried-error.ts';
import type { RemoteCommand, RemoteResult } from './commands.ts';
import { InterruptedCall } from './interrupted-call.ts';
import type { RemoteHostOptions } from './options.ts';
import type { Remote, RemoteKind } from './remote.ts';
import { replay } from './reports.ts';

/** What every session of a host needs. */
export interface SessionContext {
  readonly kind: RemoteKind;
  readonly options: RemoteHostOptions;
  readonly telemetry: Telemetry;
  readonly metrics: HostMetrics;
}

type Success = Exclude<RemoteResult, { readonly kind: 'failed' }>;

/** What a remote answers to each command, if it does not fail. */
interface Successes {
  readonly open: 'done';
  readonly admit: 'admitted';
  readonly start: 'started';
  readonly call: 'answered';
  readonly dispose: 'done';
}

/** The answer to a command of a kind. */
type SuccessOf<Kind extends keyof Successes> = Extract<Success, { readonly kind: Successes[Kind] }>;

/** The life of one remote: which plugins it has, and whether it can be asked. */
export class RemoteSession {
  readonly #context: SessionContext;
  readonly #remote: Remote;
  /** The numbers of the plugins that were started here. */
  readonly started = new Set<number>();
  #isOpen = false;
  #isLost = false;

  constructor(context: SessionContext) {
    this.#context = context;
    this.#remote = context.kind.start();
  }

  /** Whether it can be asked no more, because a command could not be sent. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Resolves when the remote is known to be gone. */
  get ended(): Promise<string> {
    return this.#remote.ended;
  }

  /** Ends the remote, whatever it does. */
  end(): void {
    this.#remote.end();
  }

  /**
   * Asks, and gives the telemetry of the host what the remote reported meanwhile.
   *
   * @returns a promise of the answer. It never settles if the remote ends first.
   * @throws in the promise: the error of a command that failed; InterruptedCall if the command
   * cannot be sent. Exceptions from the telemetry propagate.
   */
  async ask<Command extends RemoteCommand>(command: Command): Promise<SuccessOf<Command['kind']>> {
    const result = await this.tell(command);
    if (result.kind === 'failed') throw errorOf(result.error);
    // The cast: a remote answers each command as `Successes` says.
    return result as SuccessOf<Command['kind']>;
  }

  /** Opens the remote, if it is not open. Nothing else is asked before. */
  async open(): Promise<void> {
    if (this.#isOpen) return;
    const { kind, options } = this.#context;
    await this.ask({ kind: 'open', options, givesModules: kind.takesModules });
    this.#isOpen = true;
  }

  /** {@link ask}, but a command that failed is an answer too. */
  async tell(command: RemoteCommand): Promise<RemoteResult> {
    const { reports, ...result } = await this.#remote.ask(command).catch((error: unknown) => this.#lose(error));
    replay(reports, this.#context.telemetry);
    return result;
  }

  #lose(cause: unknown): never {
    this.#isLost = true;
    this.#remote.end();
    const runner = this.#context.kind.noun;
    throw new InterruptedCall({ kind: 'RunnerEnded', runner, reason: reasonOf(cause) }, cause);
  }
}
