import type { PressureZone, Station } from '#twin/model/station.ts';
import type { CurvePoint } from '../charts/curve.ts';
import type { LabSample } from './protocol.ts';

export interface LabChart {
  key: 'pressure' | 'hz' | 'level' | 'inflow' | 'kw';
  unit: string;
  resolution: number;
  lines: { set: PressureZone | null; points: CurvePoint[]; now: number }[];
}

/** The charts of a room; of its tank only where it has one. */
export function chartsOf({ kind, pumpSets }: Station, samples: readonly LabSample[]): LabChart[] {
  const line = (set: PressureZone | null, read: (sample: LabSample) => number) => ({
    set,
    points: samples.map((sample): CurvePoint => [sample.time, read(sample)]),
    now: read(samples.at(-1)!),
  });
  const bySet = (read: (sample: LabSample) => number[]) =>
    pumpSets.map(({ zone }, k) => line(zone, (sample) => read(sample)[k]!));
  const charts: LabChart[] = [
    { key: 'pressure', unit: 'MPa', resolution: 0.001, lines: bySet(({ pressure }) => pressure) },
    { key: 'hz', unit: 'Hz', resolution: 0.1, lines: bySet(({ hz }) => hz) },
    { key: 'level', unit: 'm', resolution: 0.01, lines: [line(null, ({ level }) => level)] },
    { key: 'inflow', unit: 'm³/h', resolution: 0.1, lines: [line(null, ({ inflow }) => inflow)] },
    { key: 'kw', unit: 'kW', resolution: 0.1, lines: [line(null, ({ kw }) => kw)] },
  ];
  return charts.filter(({ key }) => key !== 'level' || kind === 'tank');
}
