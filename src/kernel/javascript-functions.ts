import {
  type JavascriptFunctionName,
  KernelFunctionError,
  type KernelLogLevel,
  logLevelNumber,
  logLevels,
} from './functions.ts';
import { checkRequestLength, requestedHost } from './http.ts';
import type { KernelMemory } from './memory.ts';
import type { Variables } from './variables.ts';

/** What the kernel functions in JavaScript work with. */
export interface Environment {
  readonly memory: KernelMemory;
  readonly variables: Variables;
  readonly config: ReadonlyMap<string, string>;
  readonly logLevel: KernelLogLevel | 'off';
  readonly log: (level: KernelLogLevel, message: string) => void;
}

/**
 * The JavaScript part of a kernel function: takes handles and returns a handle, or 0n if the
 * function has no result. Throws to end the call.
 */
export type JavascriptKernelFunction = (environment: Environment, ...handles: bigint[]) => bigint;

/**
 * The kernel functions that run in JavaScript. Each reads and checks first, and changes a variable
 * last, so an error leaves the variables unchanged. Each frees the key after it has allocated the
 * block of the value. PDKs free the key once more, which must not free the value.
 */
export const javascriptKernelFunctions: Readonly<Record<JavascriptFunctionName, JavascriptKernelFunction>> = {
  config_get: ({ memory, config }, key = 0n) => {
    const value = config.get(memory.text(key, 'the configuration key'));
    const block = value === undefined ? 0n : memory.writeText(value);
    memory.free(key);
    return block;
  },
  var_get: ({ memory, variables }, key = 0n) => {
    const value = variables.get(memory.text(key, 'the variable key'));
    const block = value === undefined ? 0n : memory.write(value);
    memory.free(key);
    return block;
  },
  var_set: ({ memory, variables }, keyHandle = 0n, valueHandle = 0n) => {
    variables.checkEnabled();
    const key = memory.text(keyHandle, 'the variable key');
    const block = valueHandle === 0n ? undefined : memory.block(valueHandle);
    variables.check(key, block?.length);
    const value = block?.slice();
    memory.free(keyHandle);
    memory.free(valueHandle);
    variables.set(key, value);
    return 0n;
  },
  http_request: ({ memory }, request = 0n, body = 0n) => {
    // Report a malformed request before reporting that HTTP is disabled, so its author learns of
    // it.
    checkRequestLength(memory.block(request).length);
    const host = requestedHost(memory.text(request, 'the HTTP request'));
    memory.block(body);
    throw new KernelFunctionError(`HTTP request to ${host} is not allowed: no host may be reached`);
  },
  log_trace: logFunction('trace'),
  log_debug: logFunction('debug'),
  log_info: logFunction('info'),
  log_warn: logFunction('warn'),
  log_error: logFunction('error'),
};

function logFunction(level: KernelLogLevel): JavascriptKernelFunction {
  return ({ memory, logLevel, log }, message = 0n) => {
    const enabled = logLevels.indexOf(level) >= logLevelNumber(logLevel);
    const text = enabled ? memory.lossyText(message) : '';
    memory.free(message);
    if (enabled) log(level, text);
    return 0n;
  };
}
