import { DirectEngine, type DirectRunner } from '../direct-engine.ts';
import type { EngineAdmission } from '../engine.ts';
import { carryError } from './carried-error.ts';
import type { RemoteAnswer, RemoteCall, RemoteCommand, RemoteResult } from './commands.ts';
import { exposed } from './located.ts';
import { remoteContext } from './options.ts';
import { ReportRecorder } from './reports.ts';

/** An engine that was opened, and its plugins by their numbers. */
interface Open {
  readonly engine: DirectEngine;
  readonly givesModules: boolean;
  readonly runners: Map<number, DirectRunner>;
}

/**
 * Answers the commands of a host, in the thread or the process where the plugins run. It is given
 * one command at a time.
 */
export class RemoteServer {
  readonly #recorder = new ReportRecorder();
  #open: Open | undefined;

  /** @returns a promise of the answer, which says so if the command failed. It never rejects. */
  async answer(command: RemoteCommand): Promise<RemoteAnswer> {
    try {
      return this.#reported(await this.#run(command));
    } catch (error) {
      return this.#failed(error);
    }
  }

  /** {@link answer} for a call, at once. */
  answerCall(call: RemoteCall): RemoteAnswer {
    try {
      return this.#reported(this.#call(call));
    } catch (error) {
      return this.#failed(error);
    }
  }

  #reported(result: RemoteResult): RemoteAnswer {
    return { ...result, reports: this.#recorder.take() };
  }

  #failed(error: unknown): RemoteAnswer {
    return this.#reported({ kind: 'failed', error: carryError(error) });
  }

  async #run(command: RemoteCommand): Promise<RemoteResult> {
    if (command.kind === 'open') return await this.#begin(command);
    if (command.kind === 'call') return this.#call(command);
    const { engine, runners, givesModules } = this.#opened();
    if (command.kind === 'admit') {
      const admission = plainAdmission(await engine.admit(command.module), givesModules);
      return { kind: 'admitted', admission };
    }
    const { plugin } = command;
    if (command.kind === 'dispose') {
      await runners.get(plugin)?.dispose();
      runners.delete(plugin);
      return { kind: 'done' };
    }
    const runner = await engine.start(command.module, command.metadata, command.builds);
    runners.set(plugin, runner);
    return { kind: 'started', compiled: givesModules ? runner.compiled : undefined };
  }

  async #begin({ options, givesModules }: Extract<RemoteCommand, { kind: 'open' }>): Promise<RemoteResult> {
    const context = await remoteContext(options, this.#recorder);
    this.#open = { engine: new DirectEngine(context), givesModules, runners: new Map() };
    return { kind: 'done' };
  }

  #call({ plugin, function: name, request }: RemoteCall): RemoteResult {
    const runner = this.#opened().runners.get(plugin);
    if (runner === undefined) throw new Error(`there is no plugin with the number ${plugin}`);
    const { used, ...result } = runner.callBytes(name, request);
    if (result.ok) return { kind: 'answered', answer: result.value, used };
    return { kind: 'failed', error: carryError(result.error), used };
  }

  #opened(): Open {
    if (this.#open === undefined) throw new Error('the first command must be open');
    return this.#open;
  }
}

/** Makes an admission a plain value: the failures in its report keep their stacks. */
function plainAdmission({ report, findings, compiled }: EngineAdmission, givesModules: boolean): EngineAdmission {
  return {
    // The cast: a copy has the type of the original, and `$located` in some failures.
    report: exposed(report) as EngineAdmission['report'],
    ...(findings !== undefined && { findings }),
    ...(givesModules && { compiled }),
  };
}
