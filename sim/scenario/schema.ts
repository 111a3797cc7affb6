import { z } from 'zod';
import { parseAlarmExpectation } from './alarmStatement.ts';
import { secondsOf } from './duration.ts';
import { ROOM_FAULT_NAMES } from './faultNames.ts';
import { localTimeOf } from './localTime.ts';
import { GrammarError, parseCondition, parseExpectation, parseSelector, parseSubject } from './statement.ts';

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

const duration = z
  .string()
  .refine((text) => secondsOf(text) !== undefined, 'is not a length of time such as "90 s" or "1h 30min"')
  .describe('a length of time: 90 s, 30min, 1h 30min');
const lasting = duration.refine((text) => secondsOf(text) !== 0, 'is no time at all');
const stations = sentence(parseSelector, 'SM-0001, all, zone Z-…, district 350203, 200 of district 350203');
const station = z.string().describe('code of a station');
const set = z.enum(['LO', 'MI', 'HI', 'SP']).default('LO').describe('pressure zone of the pump set');
const pump = z.string().describe('P1 … P4');
const flow = z.number().positive().describe('m³/h at 0.3 MPa');
const node = z.string().describe('node of the mains');
const factor = z.number().nonnegative();

const when = {
  at: duration.optional().describe('after the start'),
  when: sentence(
    parseCondition,
    'the first time this holds, such as LEVEL of SM-0001 below 0.8 m',
  ).optional(),
  for: lasting.optional().describe('then it is over; to the end of the run when absent'),
};

const event = z
  .discriminatedUnion('do', [
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
    z.strictObject({
      do: z.literal('sensor-fault'),
      ...when,
      station,
      set,
      point: z.string().describe('such as P_OUT, L1, CL2; the controller acts on P_OUT and L1'),
      fault: z.enum(['frozen', 'bias', 'drift', 'spikes']),
      by: z.number().default(0).describe("in the point's unit, per hour for a drift"),
    }),
    z.strictObject({
      do: z.literal('riser-burst'),
      ...when,
      station,
      flow: z
        .number()
        .positive()
        .describe('m³/h at the set-point, shared by its pump sets as their demand is'),
    }),
    z.strictObject({
      do: z.literal('room-fault'),
      ...when,
      station,
      set,
      pump: pump.default('P1'),
      fault: z.enum(ROOM_FAULT_NAMES),
      size: z.number().positive().default(1).describe('1 is a clear case'),
    }),
    z.strictObject({ do: z.literal('comms-loss'), ...when, stations }),
    z.strictObject({ do: z.literal('demand-surge'), ...when, stations, factor }),
    z.strictObject({
      do: z.literal('heat-wave'),
      ...when,
      factor: factor.describe('on all demand'),
      warmer: z.number().describe('°C'),
    }),
    z.strictObject({
      do: z.literal('command'),
      ...when,
      stations,
      point: z.string().describe('ZV_CMD, or P_SET of the set'),
      set,
      value: z.number(),
    }),
    z.strictObject({
      do: z.literal('check-valve-leak'),
      ...when,
      station,
      set,
      pump,
      conductance: z.number().positive().describe('m³/h/√MPa'),
    }),
    z.strictObject({
      do: z.literal('detuned-loop'),
      ...when,
      station,
      set,
      gain: z.number().positive().describe('factor on the gain of the pressure loop'),
      lag: z
        .number()
        .nonnegative()
        .default(0)
        .describe('the pressure reaches the loop once a second, smoothed over so many seconds; 0: as built'),
    }),
  ])
  .refine((e) => (e.at === undefined) !== (e.when === undefined), 'needs either "at" or "when"');

const expectation = z
  .strictObject({
    that: sentence(
      (text) => parseAlarmExpectation(text) ?? parseExpectation(text),
      'P_OUT of SM-0001 stays above 0.30 MPa; of alarms: raised F19 at SM-0001 within 120 s, no F20 at all, no other alarm of priority ≤ 2, at most 5 annunciations in any 10 min',
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
    city: z.enum(['demo', 'none']).default('demo').describe('none: mains without pump rooms'),
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
    length: lasting,
    seed: z.int().nonnegative().default(1),
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
