import { z } from 'zod';
import type { Template } from '#twin/catalogue/template.ts';
import { OVERVIEW_COLUMNS } from '#twin/overview/columns.ts';
import type { Resolution } from './sheet.ts';

/**
 * The live socket (`/live`). The browser sends JSON, `{"watch":["overview","station:SM-0001"]}`, which replaces
 * what it watched before; the server answers each topic with a sheet snapshot and then deltas (binary), and with
 * JSON notices. A topic nobody has gets the notice `unknown-topic`. Whoever reads too slowly is sent a fresh
 * snapshot of the latest values instead of a growing queue.
 */
export const watchMessage = z.object({ watch: z.array(z.string().min(1).max(80)).max(16) });

export const liveNotice = z.discriminatedUnion('notice', [
  z.object({ notice: z.literal('hello'), serverTime: z.number(), stationsRevision: z.number() }),
  /** the list of stations changed: load `GET /api/stations` again, a new overview snapshot follows */
  z.object({ notice: z.literal('stations'), stationsRevision: z.number() }),
  z.object({ notice: z.literal('unknown-topic'), topic: z.string() }),
  z.object({ notice: z.literal('bad-message'), reason: z.string() }),
]);
export type LiveNotice = z.infer<typeof liveNotice>;

export const OVERVIEW_TOPIC = 'overview';
export const stationTopic = (code: string): string => `station:${code}`;

/** Columns of a station's sheet; its rows are the points of the template in order. */
export const STATION_SHEET = { value: 0, quality: 1, time: 2 } as const;

export const overviewResolution: Resolution = (_row, column) => OVERVIEW_COLUMNS[column]!.resolution;

/** Value by the point's resolution; quality as a code; time in ms since epoch. */
export const stationResolution =
  (template: Template): Resolution =>
  (row, column) =>
    column === STATION_SHEET.value ? template.points[row]!.resolution : 1;
