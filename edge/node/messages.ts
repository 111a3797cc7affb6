import type { Template, TemplatePoint } from '#twin/catalogue/template.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { encodePayload, type Metric } from '#twin/wire/sparkplug/payload.ts';
import { BDSEQ_METRIC, REBIRTH_METRIC } from '#twin/wire/sparkplug/topics.ts';

/**
 * The messages of an edge node whose metrics are the points of a template; a metric's alias is its point
 * index + 1: hosts in languages without absent numbers take alias 0 for none. bdSeq, by its name in every death, has
 * the one after them, since a birth names all of its metrics twice; only Rebirth must have none.
 */

export interface CurrentValues {
  values: Float64Array;
  /** ms since epoch; 0: never sampled */
  times: Float64Array;
}

export interface DatedValues {
  time: number;
  points: Uint16Array;
  values: Float64Array;
}

/** NBIRTH: every metric with name, alias, type, unit and value, the oldest first; sequence number 0. */
export function birth(template: Template, bdSeq: number, now: number, current: CurrentValues): Uint8Array {
  const metrics: Metric[] = [
    {
      name: BDSEQ_METRIC,
      alias: template.points.length + 1,
      timestamp: now,
      datatype: DataType.Int64,
      field: 'long',
      value: bdSeq,
    },
    { name: REBIRTH_METRIC, timestamp: now, datatype: DataType.Boolean, field: 'boolean', value: false },
  ];
  for (const point of template.points) {
    const metric = valueMetric(point, current.values[point.index]!, current.times[point.index] || now);
    metric.name = point.name;
    metric.datatype = typeOf(point);
    if (point.unit) metric.properties = { engUnit: point.unit };
    metrics.push(metric);
  }
  // section 5.16 asks for the order of their times in the list itself, whichever metrics they are of
  metrics.sort((a, b) => a.timestamp! - b.timestamp!);
  return encodePayload({ timestamp: now, seq: 0, metrics });
}

/** NDEATH, also the will: only bdSeq, no sequence number. */
export const death = (bdSeq: number, now: number): Uint8Array =>
  encodePayload({
    timestamp: now,
    metrics: [{ name: BDSEQ_METRIC, timestamp: now, datatype: DataType.Int64, field: 'long', value: bdSeq }],
  });

/** NDATA of one or more instants; `historical` marks values that the host did not get when they were current. */
export function data(
  template: Template,
  seq: number,
  now: number,
  frames: readonly DatedValues[],
  historical: boolean,
): Uint8Array {
  const metrics: Metric[] = [];
  for (const { time, points, values } of frames) {
    for (let i = 0; i < points.length; i++) {
      const metric = valueMetric(template.points[points[i]!]!, values[i]!, time);
      if (historical) metric.historical = true;
      metrics.push(metric);
    }
  }
  return encodePayload({ timestamp: now, seq, metrics });
}

function valueMetric(point: TemplatePoint, value: number, timestamp: number): Metric {
  const alias = point.index + 1;
  if (Number.isNaN(value)) return { alias, timestamp, isNull: true, field: 'none' };
  if (point.type === 'bool') return { alias, timestamp, field: 'boolean', value: value !== 0 };
  if (point.type === 'code') return { alias, timestamp, field: 'int', value };
  return { alias, timestamp, field: 'double', value };
}

/** The data type a point is born with. */
function typeOf(point: TemplatePoint): number {
  if (point.type === 'bool') return DataType.Boolean;
  return point.type === 'code' ? DataType.Int32 : DataType.Double;
}
