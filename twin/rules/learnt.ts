import { headShare, type PumpCurve, shutoffShare, slopeShare } from '#twin/baseline/curve.ts';
import { usualEnergy } from '#twin/baseline/energy.ts';
import { lastNight, usualNight } from '#twin/baseline/nights.ts';
import { type Profile, spreadAt, usualAt } from '#twin/baseline/profile.ts';
import type { SetBaseline, StationBaseline } from '#twin/baseline/station.ts';
import type { PointScope } from '#twin/catalogue/definition.ts';
import { POINTS } from '#twin/catalogue/points.data.ts';
import { forecastAt } from '#twin/forecast/forecast.ts';
import { SECOND } from '#twin/units.ts';
import { deeperScope } from './check.ts';
import type { Condition, CurveShare } from './condition.ts';
import { numberAt } from './depths.ts';
import type { Fleet } from './fleet.ts';
import { AS_BEFORE, type Learnt, type NumberColumn, oncePerLook } from './look.ts';
import { depthOfPoint, pointName } from './points.ts';
import type { Spot } from './spots.ts';

/** Numbers that the baselines know. What is not learnt yet is not known: NaN. */

/** What is usual of a point. */
export function usualNumber(condition: Extract<Condition, { kind: 'usual' }>): NumberColumn {
  const { what, ahead, ...ref } = condition;
  const depth = depthOfPoint(ref);
  const ofProfile = (at: (profile: Profile, local: number) => number) =>
    perLearning(depth, (baseline, local, spot) => {
      const profile = baseline.profiles.get(pointName(ref, spot));
      return profile ? at(profile, local) : Number.NaN;
    });
  const ofNights = (of: (nights: SetBaseline['nights']) => number) =>
    perLearning(depth, ({ sets }, _local, spot) => {
      const set = sets.get((ref.zone ?? spot.zone)!);
      return set ? of(set.nights) : Number.NaN;
    });
  switch (what) {
    case 'now':
      return ofProfile(usualAt);
    case 'spread': {
      // a smaller change is not reported
      const { deadband } = POINTS.find(({ tag }) => tag === ref.tag)!;
      return ofProfile((profile, local) => Math.max(deadband, spreadAt(profile, local)));
    }
    case 'forecast':
      return ofProfile((profile, local) => forecastAt(profile, local + ahead * SECOND));
    case 'lastNight':
      return ofNights(lastNight);
    case 'night':
      return ofNights(usualNight);
  }
}

const SHARES: Readonly<Record<CurveShare, (curve: PumpCurve) => number>> = {
  head: headShare,
  shutoff: shutoffShare,
  slope: slopeShare,
};

/** How the head of a pump stands to that when it was first seen. */
export const curveNumber = (what: CurveShare): NumberColumn =>
  perLearning('pump', ({ sets }, _local, { zone, name }) => {
    const curve = sets.get(zone!)?.pumps.get(name);
    return curve ? SHARES[what](curve) : Number.NaN;
  });

/** Worked out of a row when its station has learnt, once a minute. */
function perLearning(
  depth: PointScope,
  of: (baseline: StationBaseline, local: number, spot: Spot) => number,
): NumberColumn {
  /** when the station of a row had learnt what is known of it, ms since epoch; −1: nothing is known */
  let learntAt = new Float64Array(0);
  return oncePerLook(depth, ({ learnt, fleet, now, zoneOffset }, out, rows) => {
    const known = learntAt.length;
    if (known < rows) {
      learntAt = new Float64Array(rows).fill(UNLEARNT);
      out.fill(Number.NaN, 0, rows);
    }
    const stationOf = fleet.stationOf[depth];
    let changed = known < rows;
    for (let row = 0; row < rows; row++) {
      const station = stationOf[row]!;
      const at = learnt ? learnt.at[station]! : UNLEARNT;
      if (learntAt[row] === at) continue;
      learntAt[row] = at;
      out[row] = learnt ? of(learnt.of[station]!, now + zoneOffset, fleet.spots[depth][row]!) : Number.NaN;
      changed = true;
    }
    return changed ? undefined : AS_BEFORE;
  });
}

const UNLEARNT = -1;

/** What a cubic metre usually costs a pump set at a flow. */
export function energyNumber(flow: NumberColumn): NumberColumn {
  const depth = deeperScope('set', flow.depth);
  const at = numberAt(depth, flow);
  return oncePerLook(depth, (look, out, rows) => costs(look.learnt, look.fleet, depth, at(look), rows, out));
}

function costs(
  learnt: Learnt | null,
  { spots, stationOf }: Fleet,
  depth: PointScope,
  flow: Float64Array,
  rows: number,
  out: Float64Array,
): void {
  const stations = stationOf[depth];
  for (let row = 0; row < rows; row++) {
    const set = learnt?.of[stations[row]!]?.sets.get(spots[depth][row]!.zone!);
    out[row] = set ? usualEnergy(set.energy, flow[row]!) : Number.NaN;
  }
}
