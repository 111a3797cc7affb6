import { z } from 'zod';

/** The contracts of notification: channels and how they are doing, what was sent, and a test. */

const instant = z.number().nullable().describe('ms since epoch');

export const NOTIFICATION_KINDS = ['smtp', 'wecom', 'dingtalk', 'webhook'] as const;

export const notificationChannel = z.object({
  id: z.string(),
  kind: z.enum(NOTIFICATION_KINDS),
  name: z.object({ zh: z.string(), en: z.string() }),
  language: z.enum(['zh', 'en']),
  target: z.string().describe('host, and how many addresses; nothing that is secret'),
  state: z.enum(['new', 'up', 'down']).describe('new: nothing was sent since the start'),
  downSince: instant,
  failures: z.number().int().describe('attempts in a row that failed'),
  lastError: z.string().nullable(),
  lastDelivered: instant,
  nextAttempt: instant.describe('when it is tried again, while it is down'),
  waiting: z.number().int().describe('messages that are not delivered yet'),
  oldestWaiting: instant,
  routes: z.array(z.string()).describe('routes that may lead to it'),
});
export type NotificationChannel = z.infer<typeof notificationChannel>;

export const NOTIFICATION_OUTCOMES = ['waiting', 'delivered', 'withdrawn', 'refused', 'expired'] as const;

export const notificationEntry = z.object({
  key: z.string(),
  alarm: z.number().int(),
  rule: z.string(),
  station: z.string(),
  priority: z.number().int(),
  kind: z.enum(['told', 'repeat', 'escalation', 'returned']),
  n: z.number().int(),
  route: z.string(),
  channel: z.string(),
  madeAt: z.number(),
  attempts: z.number().int(),
  outcome: z
    .enum(NOTIFICATION_OUTCOMES)
    .describe('withdrawn: silenced or settled before it went out; refused, expired: given up'),
  doneAt: instant,
  error: z.string().nullable(),
  missing: z.array(z.string()).describe('recipients that a mail server refused; the others have it'),
});
export type NotificationEntry = z.infer<typeof notificationEntry>;

export const notificationHealth = z.object({
  time: z.number(),
  configured: z.boolean().describe('false: there is no file that says who is told'),
  channels: z.array(notificationChannel),
  recent: z.array(notificationEntry).describe('newest first, at most 100'),
});
export type NotificationHealth = z.infer<typeof notificationHealth>;

export const notificationTestRequest = z.object({
  by: z.string().trim().min(1).max(60).describe('typed, stands in the message'),
});
export const notificationTestAnswer = z.object({
  delivered: z.boolean(),
  error: z.string().nullable().describe("the channel's own words, without secrets"),
  tookMs: z.number(),
});
