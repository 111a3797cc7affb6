import { z } from 'zod';
import { templateById } from '#twin/catalogue/template.ts';
import { didYouMean } from '#twin/nearNames.ts';
import { parseDuration } from '#twin/rules/units.ts';

const column = z.string().min(1);

/**
 * How somebody's export is read: which column is the time, the station and the points, and how its numbers become
 * those of the catalogue (value · factor + offset).
 */
export const mappingSchema = z
  .strictObject({
    time: z.strictObject({
      column,
      format: z.enum(['iso', 'epoch-ms', 'epoch-s']).default('iso'),
      zone: z
        .string()
        .regex(/^[+-]\d\d:\d\d$/, 'an offset such as +08:00')
        .default('+08:00')
        .describe('of times that name none'),
    }),
    layout: z.enum(['wide', 'long']).describe('wide: a column per point; long: a row per value'),
    station: z.union([z.strictObject({ column }), z.strictObject({ is: z.string().min(1) })]),
    stations: z.record(z.string(), z.string()).describe('template of each station, such as tank:LO3'),
    point: z.strictObject({ column, value: column }).optional().describe('long layout: name and value'),
    points: z.record(
      z.string(),
      z.strictObject({ point: z.string(), factor: z.number().default(1), offset: z.number().default(0) }),
    ),
    interval: z
      .string()
      .refine((text) => parseDuration(text) !== null, 'a time such as "2 s" or "1 min"')
      .default('2 s')
      .describe('how often the stations reported'),
  })
  .refine(({ layout, point }) => layout === 'wide' || point, 'long layout needs "point"');

export type Mapping = z.infer<typeof mappingSchema>;

/** What the schema cannot see: templates and points that do not exist. */
export function mappingIssues({ stations, points, station }: Mapping): string[] {
  const issues: string[] = [];
  const names = new Set<string>();
  for (const [code, id] of Object.entries(stations)) {
    try {
      for (const name of templateById(id).index.keys()) names.add(name);
    } catch (error) {
      issues.push(`stations: ${code}: ${(error as Error).message}`);
    }
  }
  if (Object.keys(stations).length === 0) issues.push('stations: none is named');
  if ('is' in station && !stations[station.is])
    issues.push(`station: ${station.is} is not among the stations`);
  for (const [from, { point }] of Object.entries(points)) {
    if (names.has(point) || names.size === 0) continue;
    issues.push(`points: ${from}: no station has the point "${point}"${didYouMean(point, names)}`);
  }
  return issues;
}
