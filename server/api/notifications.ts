import { z } from 'zod';
import {
  notificationHealth,
  notificationTestAnswer,
  notificationTestRequest,
} from '#twin/wire/notifications.ts';
import type { Notifications } from '../notification/notifications.ts';
import { endpoint, HttpError } from './route.ts';

/** Who is told of alarms, which channel is down, and a test of each. */
export const notificationEndpoints = (notifications: Notifications, now: () => number) => [
  endpoint({
    method: 'get',
    path: '/api/notifications',
    summary: 'Channels and how they are doing, and the newest messages',
    shapes: {},
    answer: notificationHealth,
    handle: () => notifications.health(),
  }),
  endpoint({
    method: 'post',
    path: '/api/notifications/channels/:id/test',
    summary: 'Sends a test message now and tells what became of it',
    shapes: { params: z.object({ id: z.string().max(40) }), body: notificationTestRequest },
    answer: notificationTestAnswer,
    handle: async ({ params: { id }, body: { by } }) => {
      if (!notifications.has(id)) throw new HttpError(404, `there is no channel ${id}`);
      const begun = now();
      const result = await notifications.test(id, by);
      if (!result) throw new HttpError(409, 'a test of this channel is under way');
      return { delivered: result.error === null, error: result.error, tookMs: now() - begun };
    },
  }),
];
