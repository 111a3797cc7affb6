import { type CleaningMemory, clean, freshMemory } from '#twin/cleaning/clean.ts';
import type { Place } from '#twin/state/columns.ts';
import { longestAge } from '#twin/state/freshness.ts';
import { QUALITY_NAMES, Quality, type QualityCode } from '#twin/state/quality.ts';
import { DAY, HOUR } from '#twin/units.ts';
import type { DataFault } from '#twin/wire/api.ts';
import { scalesOf } from '#twin/wire/frame.ts';
import type { History } from '../history/history.ts';
import type { HostValue } from '../sparkplug/events.ts';
import type { Clocks } from './clocks.ts';
import type { FaultLog } from './faults.ts';
import type { Rates } from './rates.ts';
import { beside, isSame, type Moved, newestStated, standsStill } from './sameTime.ts';
import { FUTURE_MS } from './stationClock.ts';

/** What ingest needs to know of a station. */
export interface IngestStation {
  code: string;
  /** its number in the history */
  id: number;
  place: Place;
  /** made when a value needs it */
  cleaning: CleaningMemory | null;
  /** time of the newest frame given to the history */
  newestFrame: number;
}

/** The history's door: frames of one station at one time, in order (`append`) or of the past (`appendLate`). */
export interface FrameSink {
  append: AppendFrame;
  appendLate: AppendFrame;
}
type AppendFrame = History['append'];

export interface IngestOptions {
  now: () => number;
  history: FrameSink;
  faults: FaultLog;
  rates: Rates;
  clocks: Clocks;
  /** reporting interval of the gateways, ms */
  interval: number;
  /** values older than this are not kept */
  retentionMs: number;
  /** the station's columns changed */
  touched: (station: IngestStation) => void;
  /** values of a station of between two times, ms since epoch, that came when nobody looked at that time any more */
  late?: (station: IngestStation, from: number, to: number) => void;
}

/** A live value this old is not the current state: its gateway's clock is wrong or the message was held up. */
const LIVE_AGE_MS = HOUR;
const CLOCK_OFFSET_MS = 5000;
/** No gateway keeps what it measured for so long: its clock is wrong, and the value is of now. */
const LONGEST_KEPT_MS = 365 * DAY;
/** What is younger was there when alarms were looked at, or nearly. */
const LATE_MS = 60_000;

/**
 * Brings values into the twin and the history. Event time rules: a value counts at the time it was measured; one
 * that is historical, or older than what its point already has, goes to the history alone. What its point has from a
 * clock that was ahead does not stand in the way of a value of now, nor what it has of the same time (`sameTime.ts`).
 */
export class Ingest {
  private readonly options: IngestOptions;
  private readonly live: Batch;
  private readonly late: Batch;
  /** points whose newest value stands beside another of its time, by index; few stations have any */
  private readonly moved = new WeakMap<IngestStation, Map<number, Moved>>();

  constructor(options: IngestOptions) {
    this.options = options;
    const refused = (station: IngestStation) => this.fault('historyFull', station, 'not kept');
    this.live = new Batch(refused);
    this.late = new Batch(refused);
  }

  /** Values of one message; those without a point are passed over. */
  take(station: IngestStation, values: readonly HostValue[], fromBirth: boolean): void {
    const now = this.options.now();
    const { columns, row } = station.place;
    const { points } = columns.template;
    let current = 0;
    let stale = 0;
    let [lateFrom, lateTo] = [Number.POSITIVE_INFINITY, 0];
    const newest = newestLive(values);
    if (newest > 0) this.options.clocks.hears(station.id, newest, now);
    let moved = this.moved.get(station);
    for (const { definition, value, time: stated, historical, arrived, transient } of values) {
      const index = definition.point;
      if (index < 0) continue;
      const point = points[index]!;
      let time = this.usableTime(station, stated, now, historical);
      if (Number.isNaN(time)) continue;
      let substituted = time !== stated;
      if (fromBirth && Number.isNaN(value)) {
        // a birth before the first sample: nothing was measured, so it must not take the place of what was
        columns.values[index]![row] = value;
        columns.qualities[index]![row] = Quality.bad;
        continue;
      }
      const before = moved?.get(index);
      const known = before?.last ?? columns.times[index]![row]!;
      const newest = before ? newestStated(before, time) : known;
      let place: Moved | undefined;
      if (!historical && time >= newest && time <= known) {
        // two that came at one moment are two: only a time of its own tells that a value came twice
        const ofArrival = arrived || (substituted && time === now);
        if (
          !ofArrival &&
          time === newest &&
          !standsStill(before, now) &&
          isSame(value, columns.values[index]![row]!, scalesOf(columns.template)[index]!)
        ) {
          // a birth repeats what is known; data that does is a message that came twice
          if (!fromBirth) this.fault('duplicate', station, point.name);
          continue;
        }
        place = beside(before, time, known, now);
        if (!moved) {
          moved = new Map();
          this.moved.set(station, moved);
        }
        moved.set(index, place);
        time = place.last;
        substituted ||= !arrived;
      }
      if (!fromBirth && now - time > LATE_MS) {
        if (time < lateFrom) lateFrom = time;
        if (time > lateTo) lateTo = time;
      }
      const overtaken = time < known && !(known > now + CLOCK_OFFSET_MS && now - time < CLOCK_OFFSET_MS);
      if (historical || overtaken || now - time > LIVE_AGE_MS) {
        if (!historical && now - time > LIVE_AGE_MS) stale = time;
        if (transient) continue;
        this.late.add(
          this.options.history.appendLate,
          station,
          time,
          index,
          value,
          marked(qualityWithoutMemory(value, point.min, point.max), substituted),
        );
        continue;
      }
      if (before && !place) moved?.delete(index);
      station.cleaning ??= freshMemory(columns.template);
      const cleaned = clean(station.cleaning, index, value, time);
      if (cleaned !== Quality.good && cleaned !== Quality.bad)
        this.fault(QUALITY_NAMES[cleaned] as DataFault, station, `${point.name} = ${value}`);
      const quality = marked(cleaned, substituted);
      const old = now - time > longestAge(point, this.options.interval);
      columns.values[index]![row] = value;
      // what is sent in order long after it was measured is shown, but is no ground for an alarm of now
      const usable = quality === Quality.good || quality === Quality.substituted;
      columns.qualities[index]![row] = old && usable ? Quality.stale : quality;
      columns.times[index]![row] = time;
      current = Math.max(current, time);
      if (transient) continue;
      if (time >= station.newestFrame) {
        station.newestFrame = time;
        this.live.add(this.options.history.append, station, time, index, value, quality);
      } else this.late.add(this.options.history.appendLate, station, time, index, value, quality);
    }
    this.live.flush();
    this.late.flush();
    if (stale > 0) this.offset(station, stale, now);
    if (lateTo > 0) this.options.late?.(station, lateFrom, lateTo);
    this.count(station, values, current, now);
  }

  private count(station: IngestStation, values: readonly HostValue[], current: number, now: number): void {
    const { rates } = this.options;
    let historical = 0;
    for (const value of values) if (value.historical) historical++;
    rates.totals.messages++;
    rates.totals.historical += historical;
    rates.totals.values += values.length - historical;
    if (historical === values.length) return;
    const { columns, row } = station.place;
    // history says nothing of the link now; a live value does, whatever its gateway's clock says
    columns.lastMessage[row] = now;
    if (current > 0) {
      rates.latency(now - current);
      if (Math.abs(now - current) > CLOCK_OFFSET_MS) this.offset(station, current, now);
    }
    this.options.touched(station);
  }

  private offset(station: IngestStation, time: number, now: number): void {
    const seconds = Math.round(Math.abs(time - now) / 1000);
    this.fault('clockOffset', station, `a live value is ${seconds} s ${time > now ? 'ahead' : 'old'}`);
  }

  /**
   * The time a value counts at: as stated; where its clock is or was ahead, by so much earlier; the time of arrival
   * when nobody knows by how much or it is years late; NaN to drop it.
   */
  private usableTime(station: IngestStation, stated: number, now: number, historical: boolean): number {
    const clock = this.options.clocks.of(station.id);
    const time = clock ? clock.timeOf(stated, now, historical) : stated;
    if (!Object.is(time, stated) || stated > now + FUTURE_MS) {
      this.fault('futureTime', station, new Date(Math.min(stated, 8.64e15) || 0).toISOString());
      if (!(time <= now + FUTURE_MS)) return historical ? Number.NaN : now;
    }
    if (!(time > now - this.options.retentionMs)) {
      this.fault('ancientTime', station, new Date(Math.max(0, time) || 0).toISOString());
      // what was measured before what is kept must not be the present; only a clock that does not run says nothing
      return historical || time > now - LONGEST_KEPT_MS ? Number.NaN : now;
    }
    return time;
  }

  private fault(fault: DataFault, station: IngestStation, detail: string): void {
    this.options.faults.count(fault, station.code, detail);
  }
}

/** The newest time that live values state, 0 when there are none. */
function newestLive(values: readonly HostValue[]): number {
  let newest = 0;
  for (const { time, historical } of values)
    if (!historical && time > newest && Number.isSafeInteger(time)) newest = time;
  return newest;
}

const marked = (quality: QualityCode, substituted: boolean): QualityCode =>
  quality === Quality.good && substituted ? Quality.substituted : quality;

/** Late values come out of order, so only range can be judged. */
const qualityWithoutMemory = (value: number, min: number, max: number): QualityCode => {
  if (!Number.isFinite(value)) return Quality.bad;
  return value < min || value > max ? Quality.outOfRange : Quality.good;
};

/** Gathers values of one station and time into one frame; points in growing order, as history wants them. */
class Batch {
  private points = new Uint16Array(512);
  private values = new Float64Array(512);
  private qualities = new Uint8Array(512);
  private count = 0;
  private time = 0;
  private station: IngestStation | undefined;
  private append: AppendFrame | undefined;
  private readonly refused: (station: IngestStation) => void;

  constructor(refused: (station: IngestStation) => void) {
    this.refused = refused;
  }

  add(
    append: AppendFrame,
    station: IngestStation,
    time: number,
    point: number,
    value: number,
    quality: number,
  ): void {
    const follows = this.station === station && this.time === time && this.append === append;
    if (
      !follows ||
      this.count === this.points.length ||
      (this.count > 0 && point <= this.points[this.count - 1]!)
    )
      this.flush();
    this.station = station;
    this.time = time;
    this.append = append;
    this.points[this.count] = point;
    this.values[this.count] = value;
    this.qualities[this.count] = quality;
    this.count++;
  }

  flush(): void {
    if (this.count === 0 || !this.station || !this.append) return;
    const { id, place } = this.station;
    const { template } = place.columns;
    const { count } = this;
    // before: a frame that throws must not stand in the way of the next station's
    this.count = 0;
    if (!this.append(id, template, this.time, count, this.points, this.values, this.qualities))
      this.refused(this.station);
  }
}
