import { z } from 'zod';
import type { AreaOf } from '#twin/alarm/area.ts';
import { templateById } from '#twin/catalogue/template.ts';
import { didYouMean } from '#twin/nearNames.ts';
import { parseDuration } from '#twin/rules/units.ts';
import { refuseTemplate } from './templateName.ts';

const column = z.string().min(1);
const template = z.string().describe('kind and pumps of each pressure zone, such as tank:LO3+MI2');
/** Codes of districts are numbers to YAML. */
const areaId = z.union([z.string().min(1), z.number()], 'is the name or code of an area').transform(String);

const station = z
  .union(
    [
      template,
      z.strictObject({
        template,
        district: areaId.optional().describe('administrative district, for alarms of a district'),
        zone: areaId
          .optional()
          .describe('supply zone, for alarms of a zone and rules that ask for neighbours'),
        drawsFrom: areaId.optional().describe('of a booster: the supply zone from which it feeds its own'),
      }),
    ],
    'is a template such as tank:LO3, or { template: tank:LO3, district: …, zone: …, drawsFrom: … }',
  )
  .transform((given) => (typeof given === 'string' ? { template: given } : given));

/**
 * How somebody's export is read: which column is the time, the station and the points, and how its cells become
 * numbers of the catalogue (value · factor + offset, or by a table of words).
 */
export const mappingSchema = z
  .strictObject({
    time: z.strictObject({
      column,
      format: z
        .enum(['iso', 'epoch-ms', 'epoch-s'])
        .default('iso')
        .describe('iso: year, month, day, time of day'),
      zone: z
        .string()
        .regex(/^[+-]\d\d:\d\d$/, 'an offset such as +08:00')
        .default('+08:00')
        .describe('of times that name none'),
    }),
    separator: z
      .enum([',', ';', '\t', '|', 'tab'])
      .optional()
      .describe('between columns; found by the names of the columns when absent'),
    layout: z.enum(['wide', 'long']).describe('wide: a column per point; long: a row per value'),
    station: z.union(
      [z.strictObject({ column }), z.strictObject({ is: z.string().min(1) })],
      'is { column: NAME } of the column that names the station, or { is: CODE } of the only one',
    ),
    stations: z.record(z.string(), station).describe('what each station is, and where it lies'),
    point: z.strictObject({ column, value: column }).optional().describe('long layout: name and value'),
    points: z
      .record(
        z.string(),
        z.strictObject({
          point: z.string().describe('of the catalogue, such as LO/P_OUT'),
          factor: z.number().default(1),
          offset: z.number().default(0),
          values: z
            .record(z.string(), z.number())
            .optional()
            .describe(
              'numbers that words stand for, such as { ON: 1, OFF: 0 }; factor and offset do not apply',
            ),
        }),
      )
      .describe('by the name of a column (wide) or of a point (long)'),
    interval: z
      .string()
      .refine((text) => parseDuration(text) !== null, 'a time such as "2 s" or "1 min"')
      .default('2 s')
      .describe('how often the stations reported'),
  })
  .refine(({ layout, point }) => layout === 'wide' || point, {
    path: ['layout'],
    message: 'long needs "point", the columns of a value\'s name and of the value',
  });

export type Mapping = z.infer<typeof mappingSchema>;

/** The published form of the schema. */
export function mappingJsonSchema(): unknown {
  return z.toJSONSchema(mappingSchema, { io: 'input' });
}

/** Something wrong in a mapping, and where. */
export interface MappingFault {
  path: (string | number)[];
  message: string;
}

/** What the schema cannot see: templates, stations and points that do not exist. */
export function mappingFaults({ stations, points, station }: Mapping): MappingFault[] {
  const faults: MappingFault[] = [];
  const names = new Set<string>();
  for (const [code, { template }] of Object.entries(stations)) {
    const refused = refuseTemplate(template);
    if (refused === null) for (const name of templateById(template).index.keys()) names.add(name);
    else faults.push({ path: ['stations', code], message: refused });
  }
  const codes = Object.keys(stations);
  if (codes.length === 0) faults.push({ path: ['stations'], message: 'none is named' });
  else if ('is' in station && !codes.includes(station.is))
    faults.push({
      path: ['station', 'is'],
      message: `${station.is} is not among the stations${didYouMean(station.is, codes)}`,
    });
  if (Object.keys(points).length === 0) faults.push({ path: ['points'], message: 'none is named' });
  if (faults.some(({ path }) => path[0] === 'stations')) return faults;
  for (const [from, { point }] of Object.entries(points))
    if (!names.has(point))
      faults.push({
        path: ['points', from, 'point'],
        message: `no station has the point "${point}"${didYouMean(point, names)}`,
      });
  return faults;
}

/** Where the mapping says that stations lie. */
export const areasOf =
  ({ stations }: Mapping): AreaOf =>
  (code) => {
    const { district = '', zone = '', drawsFrom } = stations[code] as Partial<Mapping['stations'][string]>;
    return { district, zone, drawsFrom };
  };
