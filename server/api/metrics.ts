import { collectDefaultMetrics, Gauge, Registry as MetricRegistry } from 'prom-client';
import type { FaultLog } from '../ingest/faults.ts';
import type { Rates } from '../ingest/rates.ts';
import type { LiveHub } from '../live/hub.ts';
import type { Overview } from '../live/overview.ts';
import type { Notifications } from '../notification/notifications.ts';
import type { RefusalLog } from '../refusals.ts';

export interface MetricsContext {
  rates: Rates;
  faults: FaultLog;
  refused: RefusalLog;
  overview: Overview;
  hub: LiveHub;
  notifications: Notifications;
  historyBehindMs: () => number;
  unreadableChunks: () => number;
}

/** Prometheus metrics of the server, in its text format. */
export function metrics({
  rates,
  faults,
  refused,
  overview,
  hub,
  notifications,
  historyBehindMs,
  unreadableChunks,
}: MetricsContext) {
  const register = new MetricRegistry();
  collectDefaultMetrics({ register });
  const gauge = (
    name: string,
    help: string,
    collect: (gauge: Gauge<string>) => void,
    labelNames: string[] = [],
  ) =>
    new Gauge({
      name: `shuijing_${name}`,
      help,
      labelNames,
      registers: [register],
      collect() {
        collect(this);
      },
    });
  gauge('messages_total', 'messages taken since the start', (g) => g.set(rates.totals.messages));
  gauge('values_total', 'live values taken since the start', (g) => g.set(rates.totals.values));
  gauge('historical_values_total', 'historical values taken since the start', (g) =>
    g.set(rates.totals.historical),
  );
  gauge('births_total', 'births taken since the start', (g) => g.set(rates.totals.births));
  gauge(
    'latency_ms',
    'from measurement to ingest',
    (g) => {
      const { latencyMsP50, latencyMsP99 } = rates.latencyPercentiles();
      g.set({ quantile: '0.5' }, latencyMsP50);
      g.set({ quantile: '0.99' }, latencyMsP99);
    },
    ['quantile'],
  );
  gauge(
    'data_faults_total',
    'what was wrong with what arrived',
    (g) => {
      for (const [fault, count] of Object.entries(faults.totals)) g.set({ fault }, count);
    },
    ['fault'],
  );
  gauge(
    'refused_total',
    'what was turned away at a door',
    (g) => {
      for (const [refusal, count] of Object.entries(refused.totals)) g.set({ refusal }, count);
    },
    ['refusal'],
  );
  gauge(
    'stations',
    'stations by state',
    (g) => {
      for (const [state, count] of Object.entries(overview.counts)) g.set({ state }, count);
    },
    ['state'],
  );
  gauge(
    'notification_channel_down',
    '1 while a channel is down',
    (g) => {
      for (const { id, state } of notifications.channels()) g.set({ channel: id }, state === 'down' ? 1 : 0);
    },
    ['channel'],
  );
  gauge(
    'notification_waiting',
    'messages that are not delivered yet',
    (g) => {
      for (const { id, waiting } of notifications.channels()) g.set({ channel: id }, waiting);
    },
    ['channel'],
  );
  gauge('live_clients', 'live sockets', (g) => g.set(hub.clients));
  gauge('live_clients_admitted_total', 'live sockets ever let in', (g) => g.set(hub.admitted));
  gauge('history_behind_ms', 'age of the oldest value that is not yet in the database', (g) =>
    g.set(historyBehindMs()),
  );
  gauge('history_unreadable_chunks_total', 'damaged chunks of the history met since the start', (g) =>
    g.set(unreadableChunks()),
  );
  return async () => ({ type: register.contentType, text: await register.metrics() });
}
