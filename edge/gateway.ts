import { type Template, templateById } from '#twin/catalogue/template.ts';
import {
  forgetReport,
  freshReportMemory,
  type ReportMemory,
  type ReportRule,
  reportRule,
  selectReport,
} from '#twin/report/report.ts';
import type { Delivery } from './delivery.ts';
import type { DatedValues } from './node/messages.ts';
import type { EdgeSession } from './node/session.ts';
import type { FrameQueue } from './queue/queue.ts';

/** One station's gateway: latest values, report by exception, queue, session. */
export interface Gateway {
  /** number in this process's queue, kept over restarts */
  number: number;
  /** the driver's number of the station */
  wire: number;
  code: string;
  template: Template;
  session: EdgeSession;
  current: { values: Float64Array; times: Float64Array };
  memory: ReportMemory;
  rule: ReportRule;
  lastReport: number;
  bufferPoint: number;
}

export const createGateway = (
  wiring: { number: number; wire: number; code: string; template: string },
  deadbandScale: number,
  session: (gateway: Omit<Gateway, 'session'>) => EdgeSession,
): Gateway => {
  const template = templateById(wiring.template);
  const gateway = {
    number: wiring.number,
    wire: wiring.wire,
    code: wiring.code,
    template,
    current: {
      values: new Float64Array(template.points.length).fill(Number.NaN),
      times: new Float64Array(template.points.length),
    },
    memory: freshReportMemory(template),
    rule: reportRule(template, deadbandScale),
    lastReport: 0,
    bufferPoint: template.index.get('BUFFER') ?? -1,
  };
  return { ...gateway, session: session(gateway) };
};

export interface ReportContext {
  queue: FrameQueue;
  delivery: Delivery;
  /** one report per this long, ms */
  reportMs: number;
  /** ms of a clock that is never set */
  steady: () => number;
}

/**
 * Takes an input image. When the station's turn has come, what moved is written to the queue and, once it is on
 * disk, sent; without a session it waits there for the replay. With a disk that takes nothing it is sent all the same.
 */
export function takeInputs(
  gateway: Gateway,
  time: number,
  values: Float64Array,
  context: ReportContext,
): void {
  const { current, number } = gateway;
  // a template and an image of other sizes are two devices: never let one shift the other's points
  if (values.length !== current.values.length || !Number.isFinite(time)) return;
  current.values.set(values);
  current.times.fill(time);
  if (gateway.bufferPoint >= 0) current.values[gateway.bufferPoint] = context.delivery.unsent[number]!;
  const since = time - gateway.lastReport;
  // half a sampling period early is still this turn: samples jitter; a clock set back starts anew
  if (since >= 0 && since < context.reportMs * 0.75) return;
  gateway.lastReport = time;
  const count = selectReport(gateway.memory, gateway.rule, current.values, time, indexes);
  if (count === 0) return;
  const frame: DatedValues & { station: number } = {
    station: number,
    time,
    points: indexes.slice(0, count),
    values: Float64Array.from({ length: count }, (_, i) => current.values[indexes[i]!]!),
  };
  void context.queue.append(frame).then((kept) => {
    if (gateway.session.send([frame], false)) context.delivery.sent(number, time, context.steady());
    else if (kept) context.delivery.notSent(number, time);
    // neither kept nor sent: as if it had never been reported, so that what stands then is told later
    else forgetReport(gateway.memory, frame.points);
  });
}

const indexes = new Uint16Array(4096);
