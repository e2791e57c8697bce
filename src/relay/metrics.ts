/** Counts of what was answered, in the form that Prometheus reads; names as OpenTelemetry has them. */
import type { LogLine } from './log.js';

const bounds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts log lines. */
export interface Metrics {
  record(line: LogLine): void;
  /** Everything so far, as text. */
  text(): string;
}

/** Makes an empty count. Labels are routes, methods, statuses and codes of ours: a closed list. */
export function createMetrics(): Metrics {
  const durations = new Map<string, number[]>();
  const failures = new Map<string, number>();
  return {
    record({ route, method, status, ms, upstream }) {
      const labels = `http_route="${route}",http_request_method="${/^[A-Z]{3,7}$/.test(method) ? method : '_OTHER'}",http_response_status_code="${status}"`;
      const cells = durations.get(labels) ?? [...bounds.map(() => 0), 0, 0];
      bounds.forEach((bound, at) => (cells[at]! += ms / 1000 <= bound ? 1 : 0));
      cells[bounds.length]! += 1;
      cells[bounds.length + 1]! += ms / 1000;
      durations.set(labels, cells);
      if (upstream) failures.set(upstream, (failures.get(upstream) ?? 0) + 1);
    },
    text() {
      const name = 'http_server_request_duration_seconds';
      const lines = [`# TYPE ${name} histogram`];
      for (const [labels, cells] of durations) {
        bounds.forEach((bound, at) => lines.push(`${name}_bucket{${labels},le="${bound}"} ${cells[at]!}`));
        const [count = 0, sum = 0] = cells.slice(bounds.length);
        lines.push(
          `${name}_bucket{${labels},le="+Inf"} ${count}`,
          `${name}_sum{${labels}} ${sum}`,
          `${name}_count{${labels}} ${count}`,
        );
      }
      lines.push('# TYPE helpdesk_upstream_failures_total counter');
      for (const [code, count] of failures)
        lines.push(`helpdesk_upstream_failures_total{error_type="${code}"} ${count}`);
      return `${lines.join('\n')}\n`;
    },
  };
}
