import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { IClientOptions } from 'mqtt';
import { z } from 'zod';

/** Everything that can be set, from the environment. README.md lists the same. */
export interface Settings {
  host: string;
  port: number;
  /** undefined: the embedded broker */
  mqttUrl: string | undefined;
  mqtt: IClientOptions;
  mqttPort: number;
  /** undefined: the embedded database */
  databaseUrl: string | undefined;
  dataDir: string;
  hostId: string;
  groups: string[];
  /** file that says what JSON on plain topics means */
  jsonMapping: string | undefined;
  /** folder of the alarm rules; undefined: those that ship with the product */
  rulesDir: string | undefined;
  /** file that says who is told of alarms; `asked`: it was named, so it must be there */
  notifications: { path: string; asked: boolean };
  /** how long a Sparkplug message waits for a missing one before it, ms */
  reorderMs: number;
  demo: boolean;
  demoSeed: number | undefined;
  demoStations: number | undefined;
  /** reporting interval of the gateways, ms */
  reportMs: number;
  retentionDays: number;
  retentionBytes: number;
  alarmRetentionDays: number;
  /** what the history may hold in memory that is not sealed, bytes */
  historyMemoryBytes: number;
  tileSource: string | null;
  logLevel: string;
}

const port = z.coerce.number().int().min(0).max(65535);
const text = z.string().min(1);
const bytes = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(k|M|G|T)?B?$/i, 'a size such as 20GB')
  .transform(
    (size) =>
      Number.parseFloat(size) * 1000 ** ' kmgt'.indexOf((/[kmgt]/i.exec(size)?.[0] ?? ' ').toLowerCase()),
  );

const environment = z.object({
  HOST: text.default('127.0.0.1'),
  PORT: port.default(8080),
  MQTT_URL: z
    .url({ protocol: /^(mqtts?|wss?|tls|tcp)$/, error: 'a broker address such as mqtts://broker:8883' })
    .optional(),
  MQTT_USERNAME: text.optional(),
  MQTT_PASSWORD: text.optional(),
  MQTT_CA: text.optional(),
  MQTT_CERT: text.optional(),
  MQTT_KEY: text.optional(),
  MQTT_PORT: port.default(18830),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'a database address such as postgres://user:password@host/database',
    })
    .optional(),
  DATA_DIR: text.default('data'),
  SPARKPLUG_HOST_ID: z
    .string()
    .regex(/^[^/+#]+$/, 'a name without / + #')
    .default('shuijing'),
  SPARKPLUG_GROUPS: z
    .string()
    .regex(/^[^/+#]*$/, 'names without / + #, separated by commas')
    .default(''),
  JSON_MAPPING: text.optional(),
  RULES_DIR: text.optional(),
  NOTIFICATIONS: text.optional(),
  SPARKPLUG_REORDER_MS: z.coerce.number().int().min(0).max(60_000).default(2000),
  DEMO: z.enum(['on', 'off']).optional(),
  DEMO_SEED: z.coerce.number().int().nonnegative().optional(),
  DEMO_STATIONS: z.coerce.number().int().positive().optional(),
  REPORT_SECONDS: z.coerce.number().min(0.1).max(3600).default(2),
  RETENTION_DAYS: z.coerce.number().positive().default(3),
  RETENTION_BYTES: bytes.default(40e9),
  ALARM_RETENTION_DAYS: z.coerce.number().positive().default(730),
  HISTORY_MEMORY: bytes.default(192e6),
  TILE_SOURCE: z.url().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** Sparkplug group of the demo's stations. */
export const DEMO_GROUP = 'xiamen-demo';

/** Reads the settings. Throws one sentence that names the first variable that is wrong and what it should be. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  // an empty variable is one that was not set
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const name = String(issue.path[0]);
    throw new Error(`${name} is ${shown(name, given[name] ?? '')}: ${issue.message}`);
  }
  const e = parsed.data;
  return {
    host: e.HOST,
    port: e.PORT,
    mqttUrl: e.MQTT_URL,
    mqtt: credentials(e),
    mqttPort: e.MQTT_PORT,
    databaseUrl: e.DATABASE_URL,
    dataDir: resolve(e.DATA_DIR),
    hostId: e.SPARKPLUG_HOST_ID,
    groups: e.SPARKPLUG_GROUPS.split(',')
      .map((group) => group.trim())
      .filter(Boolean),
    jsonMapping: e.JSON_MAPPING,
    rulesDir: e.RULES_DIR,
    notifications: {
      path: resolve(e.NOTIFICATIONS ?? join(e.DATA_DIR, 'notifications.yaml')),
      asked: e.NOTIFICATIONS !== undefined,
    },
    reorderMs: e.SPARKPLUG_REORDER_MS,
    // nobody's broker fills with invented stations unless asked to
    demo: e.DEMO === undefined ? e.MQTT_URL === undefined : e.DEMO === 'on',
    demoSeed: e.DEMO_SEED,
    demoStations: e.DEMO_STATIONS,
    reportMs: e.REPORT_SECONDS * 1000,
    retentionDays: e.RETENTION_DAYS,
    retentionBytes: e.RETENTION_BYTES,
    alarmRetentionDays: e.ALARM_RETENTION_DAYS,
    historyMemoryBytes: e.HISTORY_MEMORY,
    tileSource: e.TILE_SOURCE ?? null,
    logLevel: e.LOG_LEVEL,
  };
}

/** As given, but for what must not stand in a log. */
function shown(name: string, value: string): string {
  if (name.endsWith('PASSWORD')) return 'hidden';
  return JSON.stringify(value.replace(/\/\/.*@/, '//…@'));
}

function credentials(e: z.output<typeof environment>): IClientOptions {
  const file = (name: 'MQTT_CA' | 'MQTT_CERT' | 'MQTT_KEY') => {
    const path = e[name];
    if (path === undefined) return undefined;
    try {
      return readFileSync(path);
    } catch {
      throw new Error(`${name} is ${JSON.stringify(path)}: the file cannot be read`);
    }
  };
  const [ca, cert, key] = [file('MQTT_CA'), file('MQTT_CERT'), file('MQTT_KEY')];
  return {
    ...(e.MQTT_USERNAME && { username: e.MQTT_USERNAME }),
    ...(e.MQTT_PASSWORD && { password: e.MQTT_PASSWORD }),
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
  };
}
