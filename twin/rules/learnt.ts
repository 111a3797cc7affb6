import type { LearntRows } from '#twin/baseline/city.ts';
import { headShare, type PumpCurve, shutoffShare, slopeShare } from '#twin/baseline/curve.ts';
import { usualEnergy } from '#twin/baseline/energy.ts';
import { lastNight, usualNight } from '#twin/baseline/nights.ts';
import { type Profile, spreadAt, usualAt } from '#twin/baseline/profile.ts';
import type { SetBaseline, StationBaseline } from '#twin/baseline/station.ts';
import type { TemplatePoint } from '#twin/catalogue/template.ts';
import { forecastAt } from '#twin/forecast/forecast.ts';
import type { PressureZone } from '#twin/model/station.ts';
import { SECOND } from '#twin/units.ts';
import type { Condition, CurveShare } from './condition.ts';
import { type Look, type NumberColumn, oncePerLook } from './look.ts';
import type { Spot } from './spots.ts';

/** Numbers that the baselines know. What is not learnt yet is not known: NaN. */

/** What is usual of a point of the template. */
export function usualNumber(
  { what, ahead }: Extract<Condition, { kind: 'usual' }>,
  { name, zone, deadband }: TemplatePoint,
): NumberColumn {
  const ofProfile = (at: (profile: Profile, local: number) => number) =>
    perLearning((baseline, local) => {
      const profile = baseline.profiles.get(name);
      return profile ? at(profile, local) : Number.NaN;
    });
  switch (what) {
    case 'now':
      return ofProfile(usualAt);
    case 'spread':
      // a smaller change is not reported
      return ofProfile((profile, local) => Math.max(deadband, spreadAt(profile, local)));
    case 'forecast':
      return ofProfile((profile, local) => forecastAt(profile, local + ahead * SECOND));
    case 'lastNight':
      return ofSet(zone ?? null, ({ nights }) => lastNight(nights));
    case 'night':
      return ofSet(zone ?? null, ({ nights }) => usualNight(nights));
  }
}

const SHARES: Readonly<Record<CurveShare, (curve: PumpCurve) => number>> = {
  head: headShare,
  shutoff: shutoffShare,
  slope: slopeShare,
};

/** How the head of a pump stands to that when it was first seen. */
export const curveNumber = (what: CurveShare, { zone, name }: Spot): NumberColumn =>
  ofSet(zone, ({ pumps }) => {
    const curve = pumps.get(name);
    return curve ? SHARES[what](curve) : Number.NaN;
  });

const ofSet = (zone: PressureZone | null, of: (set: SetBaseline) => number): NumberColumn =>
  perLearning(({ sets }) => {
    const set = zone && sets.get(zone);
    return set ? of(set) : Number.NaN;
  });

/** Worked out of a row when it has learnt, once a minute. */
function perLearning(of: (baseline: StationBaseline, local: number) => number): NumberColumn {
  let known = new Float64Array(0);
  let learntAt = new Float64Array(0);
  return oncePerLook(({ learnt, rows, columns, now, zoneOffset }: Look, out) => {
    if (!learnt) {
      out.fill(Number.NaN, 0, rows);
      return;
    }
    if (known.length < rows) {
      known = new Float64Array(columns.capacity);
      learntAt = new Float64Array(columns.capacity).fill(-1);
    }
    for (let row = 0; row < rows; row++) {
      if (learntAt[row] !== learnt.learnt[row]) {
        learntAt[row] = learnt.learnt[row]!;
        known[row] = of(learnt.of[row]!, now + zoneOffset);
      }
      out[row] = known[row]!;
    }
  });
}

/** What a cubic metre usually costs at a flow. */
export const energyNumber = (zone: PressureZone | null, flow: NumberColumn): NumberColumn =>
  oncePerLook((look, out) => costs(look.learnt, zone, flow(look), look.rows, out));

function costs(
  learnt: LearntRows | null,
  zone: PressureZone | null,
  flow: Float64Array,
  rows: number,
  out: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    const set = zone && learnt?.of[row]?.sets.get(zone);
    out[row] = set ? usualEnergy(set.energy, flow[row]!) : Number.NaN;
  }
}
