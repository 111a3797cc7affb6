import { z } from 'zod';
import { faultRequest, fieldRequest } from '#twin/wire/fieldbus.ts';
import type { Field } from './field.ts';
import { InjectionError } from './injections.ts';

const anyRequest = z.discriminatedUnion('ask', [...fieldRequest.options, ...faultRequest.options]);
type AnyRequest = z.output<typeof anyRequest>;

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
    const issues = error instanceof InjectionError ? { issues: error.issues } : {};
    return [JSON.stringify({ error: error instanceof Error ? error.message : String(error), ...issues })];
  }
}

function parse(question: Uint8Array): AnyRequest {
  const parsed = anyRequest.safeParse(JSON.parse(new TextDecoder().decode(question)));
  if (!parsed.success) throw new RangeError(`not a question: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function reply(
  field: Field,
  request: AnyRequest,
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
    case 'inject':
      return [JSON.stringify({ injected: field.inject(request.scenario, request.atOnce) })];
    case 'faults':
      return [JSON.stringify({ faults: field.injections.list() })];
    case 'clear':
      field.clear(request.id);
      return [JSON.stringify({ ok: true })];
  }
}
