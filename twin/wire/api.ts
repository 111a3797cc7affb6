import { z } from 'zod';
import { ruleIssue } from './rules.ts';

/** The HTTP API's contracts. Server and client import the same schemas; `/api/openapi.json` is made from them. */

const localName = z.object({ zh: z.string(), en: z.string() });
const place = z.object({ lon: z.number(), lat: z.number() });

export const district = place.extend({ code: z.string(), name: localName });
export const supplyZone = z.object({ id: z.string(), name: localName });
export const works = place.extend({ id: z.string(), name: localName, capacity: z.number().describe('m³/d') });

export const city = z.object({
  name: localName,
  synthetic: z.boolean().describe('true: an invented city for demonstration; say so wherever it is shown'),
  attribution: z.string(),
  bounds: z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .describe('west, south, east, north in degrees'),
  districts: z.array(district),
  supplyZones: z.array(supplyZone),
  works: z.array(works),
  mains: z.object({ count: z.number(), length: z.number().describe('m') }),
  timeZone: z.string(),
});
export type City = z.infer<typeof city>;

export const stationSummary = place.extend({
  code: z.string(),
  name: localName,
  kind: z.enum(['tank', 'inline', 'booster']),
  district: z.string(),
  supplyZone: z.string(),
  template: z.string(),
  registered: z.boolean(),
});
export type StationSummary = z.infer<typeof stationSummary>;

export const stationList = z.object({
  revision: z.number(),
  stations: z.array(stationSummary).describe('in the order of the rows of the overview sheet'),
});
export type StationList = z.infer<typeof stationList>;

const pumpUnit = z.object({
  id: z.string(),
  family: z.string(),
  stages: z.number(),
  motorKw: z.number(),
  model: z.string(),
  maker: z.string(),
  year: z.number(),
});
const pressureZone = z.enum(['LO', 'MI', 'HI', 'SP']);
export const stationDetail = stationSummary.extend({
  elevation: z.number(),
  node: z.string(),
  pattern: z.string(),
  meanDemand: z.number().describe('m³/h'),
  pumpSets: z.array(
    z.object({
      zone: pressureZone,
      setpoint: z.number(),
      pumps: z.array(pumpUnit),
      homes: z.number(),
      topHeight: z.number(),
      bladderLitres: z.number(),
    }),
  ),
  tank: z
    .object({ compartments: z.union([z.literal(1), z.literal(2)]), volume: z.number(), height: z.number() })
    .optional(),
  inlet: z.object({ kind: z.enum(['float', 'electric', 'none']), dn: z.number(), maxFlow: z.number() }),
  meters: z.array(
    z.object({ at: z.union([z.literal('inlet'), pressureZone]), dn: z.number(), maxFlow: z.number() }),
  ),
  year: z.number(),
  clockAhead: z
    .array(z.object({ since: z.number(), ahead: z.number() }))
    .describe(
      'while its gateway had a clock that is ahead: times stated from `since` on count `ahead` earlier, both ms',
    ),
});
export type StationDetail = z.infer<typeof stationDetail>;

const instant = z.coerce.number().int().nonnegative().describe('ms since epoch');

export const historyQuery = z.object({
  points: z.string().min(1).describe('point names, separated by commas; at most 12'),
  from: instant,
  to: instant,
  buckets: z.coerce.number().int().min(1).max(5000).default(600),
});
export const historySeries = z.object({
  point: z.string(),
  unit: z.string(),
  /** start of the bucket, ms since epoch; buckets without a value are left out */
  t: z.array(z.number()),
  min: z.array(z.number()),
  mean: z.array(z.number()),
  max: z.array(z.number()),
  count: z.array(z.number()),
  /** worst quality code in the bucket; min, mean and max are of the good values if there is one */
  quality: z.array(z.number()),
  /** times, ms since epoch, of which something is stored that is damaged: what was measured then is not known in full */
  unreadable: z.array(z.object({ from: z.number(), to: z.number() })),
});
export type HistorySeries = z.infer<typeof historySeries>;
export const historyAnswer = z.object({
  station: z.string(),
  from: z.number(),
  to: z.number(),
  bucketMs: z.number(),
  series: z.array(historySeries),
});
export type HistoryAnswer = z.infer<typeof historyAnswer>;

export const overviewQuery = z.object({ at: instant });

export const searchQuery = z.object({
  q: z.string().min(1).max(80),
  limit: z.coerce.number().int().min(1).max(50).default(12),
});
export const searchHit = place.extend({
  type: z.enum(['station', 'main', 'works']),
  id: z.string(),
  label: localName,
  detail: localName,
});
export type SearchHit = z.infer<typeof searchHit>;
export const searchAnswer = z.object({ hits: z.array(searchHit) });

export const mainDetail = z.object({
  id: z.string(),
  dn: z.number().describe('mm'),
  length: z.number().describe('m'),
  kind: z.string(),
  supplyZone: z.string(),
  from: z.string(),
  to: z.string(),
});

/** Everything that can be wrong with what arrives; each is counted since the server started. */
export const DATA_FAULTS = [
  'unreadablePayload',
  'unreadableTopic',
  'retainedMessage',
  'unknownNode',
  'unknownAlias',
  'aliasConflict',
  'unknownMetric',
  'unknownDatatype',
  'unreadableParts',
  'outOfRange',
  'frozen',
  'spike',
  'futureTime',
  'ancientTime',
  'duplicate',
  'sequenceGap',
  'rebirthRequested',
  'birthRepeated',
  'deathMismatch',
  'flooding',
  'clockOffset',
  'groupConflict',
  'nodesFull',
  'reorderFull',
  'strangersFull',
  'subscriptionRefused',
  'historyFull',
] as const;
export const dataFault = z.enum(DATA_FAULTS);
export type DataFault = z.infer<typeof dataFault>;

/** Everything that is turned away at a door before it is understood; each is counted since the server started. */
export const REFUSALS = [
  'mqttPacketTooLarge',
  'mqttConnectionsFull',
  'mqttRetainedFull',
  'mqttQueueFull',
  'messageTooLarge',
  'strangersFlooding',
  'strangersFull',
  'liveClientsFull',
  'liveTooManyMessages',
  'liveTooSlow',
  'foreignOrigin',
  'httpBodyTooLarge',
  'httpHeaderTooLarge',
  'httpTooSlow',
  'httpConnectionsFull',
  'httpMalformed',
] as const;
export const refusal = z.enum(REFUSALS);
export type Refusal = z.infer<typeof refusal>;

export const dataHealth = z.object({
  time: z.number(),
  since: z.number(),
  stations: z.object({
    registered: z.number(),
    live: z.number(),
    stale: z.number(),
    offline: z.number(),
    never: z.number(),
    unregistered: z.number(),
  }),
  rates: z.object({
    messagesPerSecond: z.number(),
    valuesPerSecond: z.number(),
    historicalPerSecond: z.number(),
    latencyMsP50: z.number(),
    latencyMsP99: z.number(),
  }),
  totals: z.object({ messages: z.number(), values: z.number(), historical: z.number(), births: z.number() }),
  faults: z.record(dataFault, z.number()),
  refused: z.record(refusal, z.number()),
  history: z.object({
    bytes: z.number(),
    bytesPerValue: z.number().nullable(),
    unsealedFrames: z.number(),
    oldest: z.number().nullable(),
    behindMs: z.number(),
  }),
  recent: z
    .array(z.object({ time: z.number(), station: z.string(), fault: dataFault, detail: z.string() }))
    .describe('newest first, at most 200'),
  worst: z
    .array(
      z.object({
        station: z.string(),
        faults: z.number(),
        gaps: z.number(),
        lastMessage: z.number().nullable(),
      }),
    )
    .describe('stations with most faults and gaps, at most 50'),
  gaps: z
    .array(z.object({ station: z.string(), from: z.number(), to: z.number().nullable() }))
    .describe('silences longer than two intervals, newest first, at most 200; open when `to` is null'),
});
export type DataHealth = z.infer<typeof dataHealth>;

export const unregisteredStation = z.object({
  code: z.string(),
  group: z.string(),
  firstSeen: z.number(),
  lastMessage: z.number(),
  metrics: z.array(
    z.object({ name: z.string(), datatype: z.string(), unit: z.string().nullable(), value: z.string() }),
  ),
  suggestion: z.object({
    kind: z.enum(['tank', 'inline', 'booster']),
    sets: z.array(z.object({ zone: pressureZone, pumps: z.number() })),
    /** metric name → point name */
    mapping: z.record(z.string(), z.string()),
  }),
});
export type UnregisteredStation = z.infer<typeof unregisteredStation>;

export const adoptRequest = place.extend({
  code: z.string().min(1).max(64),
  name: localName,
  kind: z.enum(['tank', 'inline', 'booster']),
  district: z.string(),
  supplyZone: z.string(),
  sets: z
    .array(z.object({ zone: pressureZone, pumps: z.number().int().min(1).max(9) }))
    .min(1)
    .max(4),
  mapping: z.record(z.string(), z.string()).describe('metric name → point name'),
});
export type AdoptRequest = z.infer<typeof adoptRequest>;

export const apiError = z.object({
  error: z.string(),
  details: z.array(z.string()).optional(),
  issues: z.array(ruleIssue).optional(),
});
