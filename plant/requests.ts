import { z } from 'zod';
import { type FieldRequest, fieldRequest } from '#twin/wire/fieldbus.ts';
import type { Field } from './field.ts';

/** Answers one question of the fieldbus: frames of the reply. A bad question is answered by what is wrong with it. */
export function answer(
  field: Field,
  question: Uint8Array,
  samplePeriodMs: number,
  now: number,
): (string | Uint8Array)[] {
  try {
    return reply(field, parse(question), samplePeriodMs, now);
  } catch (error) {
    return [JSON.stringify({ error: error instanceof Error ? error.message : String(error) })];
  }
}

function parse(question: Uint8Array): FieldRequest {
  const parsed = fieldRequest.safeParse(JSON.parse(new TextDecoder().decode(question)));
  if (!parsed.success) throw new RangeError(`not a question: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function reply(
  field: Field,
  request: FieldRequest,
  samplePeriodMs: number,
  now: number,
): (string | Uint8Array)[] {
  switch (request.ask) {
    case 'describe':
      return [JSON.stringify(field.describe(samplePeriodMs))];
    case 'log': {
      const { points, times, rows } = field.log24h(request.station, now);
      return [JSON.stringify({ points, times }), new Uint8Array(rows.buffer)];
    }
    case 'write':
      field.write(request.station, request.point, request.value);
      return [JSON.stringify({ ok: true })];
  }
}
