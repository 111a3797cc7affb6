import { z } from 'zod';
import { parseDuration } from '#twin/rules/units.ts';

/** The file that says who is told of alarms: channels, groups with their duty rosters, and routes to them. */

const word = z.string().min(1).max(200);
const duration = z
  .string()
  .refine(
    (text) => (parseDuration(text) ?? 0) >= 1,
    'a time of a second or more, such as "30 s", "5 min" or "2 h"',
  )
  .meta({ pattern: '^\\d+(\\.\\d+)?\\s*(ms|s|min|h|d)$' });
const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'small letters, digits and "-", such as north-crew')
  .describe('its name in this file');
const priority = z.int().min(1).max(4);

/** What must not be seen: as it is, or the name of the environment variable that holds it. */
const secret = z
  .union([
    word.max(2000),
    z.strictObject({ env: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'such as SMTP_PASSWORD') }),
  ])
  .describe('text, or { env: NAME } to read it from the environment');
export type Secret = z.infer<typeof secret>;

const language = z.enum(['zh', 'en']).default('zh').describe('of the messages');
const name = z.strictObject({ zh: word, en: word }).optional().describe('as it is shown');

const smtp = z.strictObject({
  kind: z.literal('smtp'),
  name,
  language,
  host: word,
  port: z.int().min(1).max(65535).default(465),
  secure: z.boolean().default(true).describe('TLS from the first byte; false: STARTTLS where it is offered'),
  requireTls: z.boolean().default(false).describe('without TLS nothing is sent'),
  user: word.optional(),
  password: secret.optional(),
  from: word,
  to: z.array(word).nonempty(),
});
const wecom = z.strictObject({
  kind: z.literal('wecom'),
  name,
  language,
  url: secret.describe('address of the group robot; its key is a secret'),
});
const dingtalk = z.strictObject({
  kind: z.literal('dingtalk'),
  name,
  language,
  url: secret.describe('address of the robot; its access_token is a secret'),
  secret: secret.optional().describe('SEC… of a robot that asks for signatures'),
});
const webhook = z.strictObject({
  kind: z.literal('webhook'),
  name,
  language,
  url: secret,
  token: secret.optional().describe('sent as "Authorization: Bearer …"'),
});

export const channelSchema = z.discriminatedUnion('kind', [smtp, wecom, dingtalk, webhook]);
export type ChannelText = z.infer<typeof channelSchema>;

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const clock = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day such as "08:00"')
  .meta({ pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$' });

const shift = z.strictObject({
  channels: z.array(id).nonempty(),
  from: clock
    .default('00:00')
    .describe('a shift that ends when it begins or before goes on into the next day'),
  to: clock.default('24:00'),
  days: z.array(z.enum(WEEKDAYS)).nonempty().optional().describe('on which it begins; every day when absent'),
  cycle: z
    .strictObject({
      start: z.iso.date().describe('the first day of the cycle'),
      of: z.int().min(2).max(60).describe('days of the cycle'),
      on: z.array(z.int().min(1)).nonempty().describe('days of the cycle on which the shift begins, from 1'),
    })
    .optional()
    .describe('for crews that take turns'),
});
export type ShiftText = z.infer<typeof shift>;

const group = z.strictObject({
  shifts: z.array(shift).nonempty(),
  otherwise: z.array(id).nonempty().optional().describe('told when nobody is on duty'),
});
export type GroupText = z.infer<typeof group>;

const route = z.strictObject({
  id,
  priorities: z.array(priority).nonempty().optional().describe('all when absent'),
  districts: z.array(word).nonempty().optional().describe('codes of districts; all when absent'),
  rules: z.array(word).nonempty().optional().describe('ids of alarm rules; all when absent'),
  tell: z.array(id).nonempty().describe('groups or channels'),
  repeat: z
    .strictObject({ every: duration, most: z.int().min(1).max(1000).default(12) })
    .optional()
    .describe('until somebody acknowledges'),
  escalate: z
    .array(z.strictObject({ after: duration, tell: z.array(id).nonempty() }))
    .nonempty()
    .optional()
    .describe('while nobody has acknowledged and the alarm stands'),
  returned: z
    .boolean()
    .optional()
    .describe(
      'those who were told hear as well when it has returned, acknowledged or not; reminders end then',
    ),
});
export type RouteText = z.infer<typeof route>;

export const notificationSchema = z.strictObject({
  site: z.url({
    protocol: /^https?$/,
    error: 'the address of this product, such as https://twin.example.org',
  }),
  zone: z
    .string()
    .regex(/^[+-](0\d|1[0-4]):[0-5]\d$/, 'an offset such as +08:00')
    .default('+08:00')
    .describe('of every time of day'),
  channels: z.record(id, channelSchema),
  groups: z.record(id, group).default({}),
  routes: z.array(route),
});

/** What editors validate the file against. */
export const notificationJsonSchema = (): object => ({
  title: 'Who is told of alarms',
  ...z.toJSONSchema(notificationSchema, { io: 'input' }),
});
