/**
 * What a host reports, and where to: the names of the metrics, and adapters for OpenTelemetry and
 * Prometheus, consoles and diagnostics channels.
 *
 * @module
 */

export {
  COUNTER_CHANNEL,
  type ConsoleLike,
  consoleTelemetry,
  type DiagnosticsChannels,
  diagnosticsChannelTelemetry,
  GAUGE_CHANNEL,
  HISTOGRAM_CHANNEL,
  LOG_CHANNEL,
  type LogEvent,
  type LogLevel,
  noTelemetry,
  type Telemetry,
} from '../telemetry.ts';
export { boundedTelemetry, type TelemetryBounds } from './bounded-telemetry.ts';
export {
  type OpenTelemetryLogger,
  type OpenTelemetryMeter,
  type OpenTelemetryOptions,
  openTelemetry,
} from './open-telemetry.ts';
export { type PrometheusClient, prometheus } from './prometheus.ts';
export { METRICS, type Metric, type MetricName } from './table.ts';
