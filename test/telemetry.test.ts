import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  COUNTER_CHANNEL,
  type ConsoleLike,
  consoleTelemetry,
  diagnosticsChannelTelemetry,
  GAUGE_CHANNEL,
  HISTOGRAM_CHANNEL,
  LOG_CHANNEL,
  type LogEvent,
  type LogLevel,
  noTelemetry,
} from '../src/telemetry.ts';

const event = (level: LogLevel): LogEvent => ({
  level,
  target: 'cc_lb_plugin.log',
  message: 'hello',
  fields: { plugin: 'guest' },
});

const telemetry = suite('telemetry');

/** A console that keeps its lines. */
function recordedConsole() {
  const lines: unknown[] = [];
  const method =
    (name: string) =>
    (...line: unknown[]): void => {
      lines.push([name, ...line]);
    };
  const console: ConsoleLike = {
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
  };
  return { console, lines };
}

const methods: Readonly<Record<LogLevel, string>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
};

telemetry('that reports nowhere', () => {
  const { console: recorder, lines } = recordedConsole();
  const { console } = globalThis;
  globalThis.console = { ...console, ...recorder, log: recorder.info };
  try {
    // The keys of the table are the levels.
    for (const level of Object.keys(methods)) noTelemetry.log(event(level as LogLevel));
    noTelemetry.counter('calls', 1n, {});
  } finally {
    globalThis.console = console;
  }
  assert.equal(lines, []);
});

for (const [level, method] of Object.entries(methods)) {
  telemetry(`that writes ${level} to a console`, () => {
    const { console, lines } = recordedConsole();
    // The keys of the table are the levels.
    consoleTelemetry(console).log(event(level as LogLevel));
    assert.equal(lines, [[method, 'cc_lb_plugin.log: hello', { plugin: 'guest' }]]);
  });
}

telemetry('that writes counters to a console', () => {
  const { console, lines } = recordedConsole();
  consoleTelemetry(console).counter('calls', 2n ** 64n - 1n, { plugin: 'guest' });
  assert.equal(lines, [['debug', 'calls +18446744073709551615', { plugin: 'guest' }]]);
});

telemetry('that writes measurements and gauges to a console', () => {
  const { console, lines } = recordedConsole();
  const writing = consoleTelemetry(console);
  writing.histogram('seconds', 0.5, { plugin: 'guest' });
  writing.gauge('entries', 2, {});
  assert.equal(lines, [
    ['debug', 'seconds 0.5', { plugin: 'guest' }],
    ['debug', 'entries = 2', {}],
  ]);
});

telemetry("that writes to the runtime's console by default", () => {
  const { info } = globalThis.console;
  const lines: unknown[] = [];
  globalThis.console.info = (...line: unknown[]) => {
    lines.push(line);
  };
  try {
    consoleTelemetry().log(event('info'));
  } finally {
    globalThis.console.info = info;
  }
  assert.equal(lines, [['cc_lb_plugin.log: hello', { plugin: 'guest' }]]);
});

/** Diagnostics channels that keep what is published on them. */
function recordedChannels(hasSubscribers: boolean) {
  const published: unknown[] = [];
  const channel = (name: string) => ({
    hasSubscribers,
    publish: (message: unknown) => {
      published.push([name, message]);
    },
  });
  return { channel, published };
}

telemetry('that publishes on diagnostics channels', () => {
  const channels = recordedChannels(true);
  const publishing = diagnosticsChannelTelemetry(channels);
  publishing.log(event('warn'));
  publishing.counter('calls', 1, { plugin: 'guest' });
  publishing.histogram('seconds', 0.5, { plugin: 'guest' });
  publishing.gauge('entries', 2, {});
  assert.equal(channels.published, [
    [LOG_CHANNEL, event('warn')],
    [COUNTER_CHANNEL, { name: 'calls', value: 1, labels: { plugin: 'guest' } }],
    [HISTOGRAM_CHANNEL, { name: 'seconds', value: 0.5, labels: { plugin: 'guest' } }],
    [GAUGE_CHANNEL, { name: 'entries', value: 2, labels: {} }],
  ]);
});

telemetry('that has no subscriber publishes nothing', () => {
  const channels = recordedChannels(false);
  const publishing = diagnosticsChannelTelemetry(channels);
  publishing.log(event('warn'));
  publishing.counter('calls', 1, {});
  publishing.histogram('seconds', 1, {});
  publishing.gauge('entries', 1, {});
  assert.equal(channels.published, []);
});

telemetry.run();
