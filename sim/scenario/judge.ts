import type { City } from '#sim/city/model.ts';
import { secondsOf } from './duration.ts';
import { probe, roomsIn } from './measure.ts';
import type { Scenario } from './schema.ts';
import { parseExpectation } from './statement.ts';

/** How an expectation came out. */
export interface Verdict {
  that: string;
  met: boolean;
  /** the value that decides, what it belongs to, and when, s after the start */
  value: number;
  of: string;
  at: number;
}

/** Watches one expectation through a run. */
export interface Judge {
  /** once a second. @param t s after the start */
  see: (t: number) => void;
  verdict: () => Verdict;
}

const MINUTES = 60;

export function judge(city: City, { that, from, until }: Scenario['expect'][number]): Judge {
  const expected = parseExpectation(that);
  const start = from === undefined ? 0 : secondsOf(from)!;
  const end = until === undefined ? Number.POSITIVE_INFINITY : secondsOf(until)!;
  if (expected.kind === 'peak factor') {
    const rooms = roomsIn(city, expected.selector).filter((i) => !city.model.rooms[i]!.booster);
    const peakOf = (of: string, some: number[]) =>
      peakJudge(city, { that, of }, some, expected.value, start, end);
    const zoneOf = (room: number) => city.model.rooms[room]!.station.supplyZone;
    const zones = expected.byZone ? [...new Set(rooms.map(zoneOf))] : [];
    if (zones.length === 0) return peakOf('inflow', rooms);
    return worstOf(
      zones.map((zone) =>
        peakOf(
          `inflow of ${zone}`,
          rooms.filter((room) => zoneOf(room) === zone),
        ),
      ),
    );
  }
  const { places, read } = probe(city, expected);
  const above = expected.side === 'above';
  // what stays above is decided by its lowest value, what reaches above by its highest
  const wantsLow = (expected.kind === 'stays') === above;
  let worst = wantsLow ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  let of = '';
  let at = -1;
  return {
    see: (t) => {
      if (t < start || t > end) return;
      for (let i = 0; i < places.length; i++) {
        const value = read(i);
        // what is no number any more meets nothing
        if (wantsLow ? !(value >= worst) : !(value <= worst)) {
          worst = value;
          of = places[i]!.label;
          at = t;
        }
      }
    },
    verdict: () => ({
      that,
      met: at >= 0 && (above ? worst > expected.value : worst < expected.value),
      value: worst,
      of,
      at,
    }),
  };
}

/** As all of them: what one does not meet decides, else the greatest value. */
function worstOf(judges: readonly Judge[]): Judge {
  return {
    see: (t) => {
      for (const one of judges) one.see(t);
    },
    verdict: () =>
      judges
        .map((one) => one.verdict())
        .reduce((worst, one) => {
          if (worst.met !== one.met) return worst.met ? one : worst;
          return one.value > worst.value ? one : worst;
        }),
  };
}

/** The largest mean of 60 whole minutes over the mean of the window. */
function peakJudge(
  city: City,
  { that, of }: Pick<Verdict, 'that' | 'of'>,
  rooms: number[],
  limit: number,
  start: number,
  end: number,
): Judge {
  const minutes: number[] = [];
  let sum = 0;
  let seconds = 0;
  return {
    see: (t) => {
      if (t < start || t > end) return;
      for (const i of rooms) sum += city.rooms[i]!.state.inflow;
      if (++seconds % 60 !== 0) return;
      minutes.push(sum / 60);
      sum = 0;
    },
    verdict: () => {
      const mean = minutes.reduce((total, flow) => total + flow, 0) / minutes.length;
      let peak = 0;
      let at = -1;
      for (let first = 0; first + MINUTES <= minutes.length; first++) {
        const hour = minutes.slice(first, first + MINUTES).reduce((total, flow) => total + flow, 0) / MINUTES;
        if (hour <= peak) continue;
        peak = hour;
        at = start + first * 60;
      }
      const value = mean > 0 ? peak / mean : 0;
      return { that, met: at >= 0 && value < limit, value, of, at };
    },
  };
}
