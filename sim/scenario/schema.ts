import { z } from 'zod';
import { meant } from '#twin/yaml/wrongShape.ts';
import { secondsOf } from './duration.ts';
import { ROOM_FAULT_NAMES } from './faultNames.ts';
import { localTimeOf } from './localTime.ts';
import { parseSentences } from './sentences.ts';
import { GrammarError, parseCondition, parseSelector, parseSubject } from './statement.ts';

/** A text that a small grammar reads; what it says against the text becomes the issue. */
function sentence(parse: (text: string) => unknown, describe: string) {
  return z
    .string()
    .superRefine((text, context) => {
      try {
        parse(text);
      } catch (error) {
        if (!(error instanceof GrammarError)) throw error;
        context.addIssue({ code: 'custom', message: error.message });
      }
    })
    .describe(describe);
}

/** One of some words; another one is answered by the one that may be meant, and all there are. */
function oneOf<const T extends readonly [string, ...string[]]>(words: T) {
  return z.enum(words, { error: ({ input }) => unknownWord(input, words) });
}

function unknownWord(word: unknown, words: readonly string[]): string {
  const said = JSON.stringify(word) ?? 'nothing';
  const near = typeof word === 'string' ? meant(word, words) : '';
  return `${said} is not known${near}; there are ${words.join(', ')}`;
}

/** A scenario lasts as long at the most: what is longer was meant in another unit. */
const LONGEST = { days: 400, seconds: 400 * 86_400 };
const duration = z
  .string('is not a length of time with its unit, such as "90 s" or "1h 30min"')
  .superRefine((text, context) => {
    const seconds = secondsOf(text);
    if (seconds === undefined)
      context.addIssue({ code: 'custom', message: 'is not a length of time such as "90 s" or "1h 30min"' });
    else if (seconds > LONGEST.seconds)
      context.addIssue({ code: 'custom', message: `is longer than ${LONGEST.days} days` });
  })
  .describe('a length of time: 90 s, 30min, 1h 30min');
const lasting = duration.refine((text) => secondsOf(text) !== 0, 'is no time at all');
/** Beyond these nothing is meant any more: a slip of the pen, or of a unit. */
const MOST = {
  flow: 100_000,
  factor: 100,
  value: 10_000,
  warmer: 40,
  size: 1000,
  gain: 1000,
  lag: 3600,
} as const;
/** A seed is 32 bits. */
export const MOST_SEED = 2 ** 32 - 1;
const stations = sentence(parseSelector, 'SM-0001, all, zone Z-…, district 350203, 200 of district 350203');
const station = z.string().describe('code of a station');
const set = oneOf(['LO', 'MI', 'HI', 'SP']).default('LO').describe('pressure zone of the pump set');
const pump = z.string().describe('P1 … P4');
const flow = z.number().positive().max(MOST.flow).describe('m³/h at 0.3 MPa');
const node = z.string().describe('node of the mains');
const value = z.number().min(-MOST.value).max(MOST.value);
const factor = z.number().min(0).max(MOST.factor);

const when = {
  at: duration.optional().describe('after the start'),
  when: sentence(
    parseCondition,
    'the first time this holds, such as LEVEL of SM-0001 below 0.8 m',
  ).optional(),
  for: lasting.optional().describe('then it is over; to the end of the run when absent'),
};

const kinds = [
  z.strictObject({ do: z.literal('pump-trip'), ...when, station, set, pump }),
  z.strictObject({ do: z.literal('power-cut'), ...when, stations }),
  z.strictObject({ do: z.literal('burst'), ...when, node, flow }),
  z.strictObject({ do: z.literal('growing-leak'), ...when, node, flow, over: lasting }),
  z.strictObject({
    do: z.literal('valve-stuck'),
    ...when,
    station,
    position: z.number().min(0).max(100).describe('opening at which it stands, %'),
  }),
  z.strictObject({ do: z.literal('works-outage'), ...when, works: z.string().describe('id of the works') }),
  z.strictObject({
    do: z.literal('source-chlorine'),
    ...when,
    stations,
    factor,
    over: lasting.describe('the change arrives little by little over this time'),
  }),
  z
    .strictObject({
      do: z.literal('sensor-fault'),
      ...when,
      station,
      set,
      point: z.string().describe('such as P_OUT, L1, CL2; the controller acts on P_OUT and L1'),
      fault: oneOf(['frozen', 'bias', 'drift', 'spikes', 'noise', 'loss']).describe(
        'loss: it reads nothing any more; the controller keeps what it read last, as of a frozen one',
      ),
      by: value
        .default(0)
        .describe("in the point's unit; per hour for a drift, the standard deviation of noise"),
    })
    .superRefine(({ fault, by }, context) => {
      const say = (message: string) => context.addIssue({ code: 'custom', path: ['by'], message });
      if (fault === 'noise' && !(by > 0))
        say("is missing or not above 0: noise needs its standard deviation, in the point's unit");
      if ((fault === 'bias' || fault === 'drift' || fault === 'spikes') && by === 0)
        say(`is missing or 0: ${fault} without it ${fault === 'spikes' ? 'are' : 'is'} no fault`);
      if ((fault === 'frozen' || fault === 'loss') && by !== 0)
        say(`means nothing to a transmitter that is ${fault === 'loss' ? 'lost' : fault}: leave it out`);
    }),
  z.strictObject({
    do: z.literal('riser-burst'),
    ...when,
    station,
    flow: z
      .number()
      .positive()
      .max(MOST.flow)
      .describe('m³/h at the set-point, shared by its pump sets as their demand is'),
  }),
  z.strictObject({
    do: z.literal('room-fault'),
    ...when,
    station,
    set,
    pump: pump.default('P1'),
    fault: oneOf(ROOM_FAULT_NAMES),
    size: z.number().positive().max(MOST.size).default(1).describe('1 is a clear case'),
  }),
  z.strictObject({ do: z.literal('comms-loss'), ...when, stations }),
  z.strictObject({ do: z.literal('demand-surge'), ...when, stations, factor }),
  z.strictObject({
    do: z.literal('heat-wave'),
    ...when,
    factor: factor.describe('on all demand'),
    warmer: z.number().min(-MOST.warmer).max(MOST.warmer).describe('°C'),
  }),
  z.strictObject({
    do: z.literal('command'),
    ...when,
    stations,
    point: z.string().describe('ZV_CMD, or P_SET of the set'),
    set,
    value,
  }),
  z.strictObject({
    do: z.literal('check-valve-leak'),
    ...when,
    station,
    set,
    pump,
    conductance: z.number().positive().max(MOST.flow).describe('m³/h/√MPa'),
  }),
  z.strictObject({
    do: z.literal('detuned-loop'),
    ...when,
    station,
    set,
    gain: z.number().positive().max(MOST.gain).describe('factor on the gain of the pressure loop'),
    lag: z
      .number()
      .nonnegative()
      .max(MOST.lag)
      .default(0)
      .describe('the pressure reaches the loop once a second, smoothed over so many seconds; 0: as built'),
  }),
] as const;
const KINDS = kinds.map(({ shape }) => shape.do.value);

const event = z
  .discriminatedUnion('do', kinds, {
    error: ({ input }) =>
      typeof input === 'object' && input !== null && !Array.isArray(input)
        ? unknownWord((input as { do?: unknown }).do, KINDS)
        : 'is no event, such as { at: 30min, do: power-cut, stations: SM-0001 }',
  })
  .refine((e) => (e.at === undefined) !== (e.when === undefined), 'needs either "at" or "when"');

const expectation = z
  .strictObject({
    that: sentence(
      parseSentences,
      'one sentence, or several parted by semicolons: "P_OUT of SM-0001 stays above 0.30 MPa", "P_IN of all reaches below 0.2 MPa", "tank never overflows" (every tank), "tank of SM-0001 never overflows", "inflow of all peak factor < 1.4", "zone inflow peak factor < 1.4" (of every zone by itself), "zone Z-GD inflow peak factor < 1.4"; of alarms: "raised F19 at SM-0001 within 120 s", "no F20 at all", "no other alarm of priority ≤ 2" or "nothing else above priority 3" (no alarm of priority 1 or 2 that no `raised …` names), "at most 5 annunciations in any 10 min"',
    ),
    from: duration.optional(),
    until: duration.optional(),
  })
  .refine(
    ({ from, until }) => from === undefined || until === undefined || secondsOf(from)! < secondsOf(until)!,
    'ends before it begins',
  );

/** A scenario file. */
export const scenarioSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }),
    teaches: z
      .strictObject({ zh: z.string().min(20), en: z.string().min(40) })
      .describe('first paragraph: what this teaches'),
    city: oneOf(['demo', 'none']).default('demo').describe('none: mains without pump rooms'),
    network: z
      .string()
      .optional()
      .describe('an EPANET file beside this one, in place of the mains of the city'),
    start: z
      .string()
      .refine((text) => localTimeOf(text) !== undefined, 'is not a local time such as "2026-11-18 07:00"')
      .optional()
      .describe('local time, UTC+8, of an ordinary day'),
    saved: z
      .string()
      .optional()
      .describe('a saved state beside this file, to go on from in place of an ordinary day'),
    length: lasting.refine((text) => !(secondsOf(text)! < 1), 'is less than a second'),
    seed: z.int().min(0).max(MOST_SEED).default(1),
    extent: sentence(parseSelector, 'which rooms are simulated; the others stay demand of the mains').default(
      'all',
    ),
    alarms: sentence(
      parseSelector,
      'rooms whose telemetry the alarm rules are looked at over, within the extent',
    ).default('all'),
    look: lasting
      .refine((text) => secondsOf(text)! % 2 === 0, 'is no multiple of two seconds')
      .default('2s')
      .describe(
        'how often gateways report and alarms are looked at; more than 2 s for a day of the whole city',
      ),
    watch: z.array(sentence(parseSubject, 'charted: P_OUT of SM-0001')).default([]),
    events: z.array(event).default([]),
    expect: z.array(expectation).min(1),
  })
  .refine(
    ({ start, saved }) => (start === undefined) !== (saved === undefined),
    'needs either "start" or "saved"',
  )
  .refine(
    ({ city, network }) => city === 'demo' || network !== undefined,
    'without a city it needs a "network"',
  );

export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioEvent = Scenario['events'][number];

/** The published form of the schema. */
export function scenarioJsonSchema(): unknown {
  return z.toJSONSchema(scenarioSchema, { io: 'input' });
}
