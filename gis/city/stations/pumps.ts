import { type PumpFamily, pumpFamilies, pumpHead, shaftPower } from '#twin/curves/pump.ts';
import type { PumpUnit } from '#twin/model/station.ts';
import type { Random } from '../random.ts';

/** Motor sizes, kW (IEC 60072 preferred ratings). */
const MOTORS = [
  0.37, 0.55, 0.75, 1.1, 1.5, 2.2, 3, 4, 5.5, 7.5, 11, 15, 18.5, 22, 30, 37, 45, 55, 75, 90, 110, 132, 160,
  200, 250, 315,
] as const;
const MOTOR_RESERVE = 1.05;
/** Head at the design flow, and at no flow, over what is asked: leaves room for wear. */
const DUTY_RESERVE = 1.08;
const SHUTOFF_RESERVE = 1.15;
/** Makers are classes of build, not companies. */
const MAKERS = ['Maker A', 'Maker B', 'Maker C', 'Maker D', 'Maker E'] as const;
const MAKER_SHARES = [34, 26, 18, 14, 8] as const;

export interface PumpDuty {
  /** of all duty pumps together at the maximum hour, m³/h */
  flow: number;
  /** lift at that flow, m */
  head: number;
}

export interface PumpChoice {
  family: string;
  stages: number;
  duty: number;
}

/**
 * Equal multistage pumps for a duty: one, two or three by the flow, of the family whose best flow is nearest,
 * with as many stages as the head takes.
 * @throws RangeError when no family reaches the head
 */
export function choosePumps({ flow, head }: PumpDuty): PumpChoice {
  const duty = flow < 6 ? 1 : flow < 70 ? 2 : 3;
  const each = flow / duty;
  const choices = Object.entries(pumpFamilies)
    .filter(([name, family]) => !name.startsWith('B') && family.maxFlow >= 1.05 * each)
    .map(([name, family]) => ({
      name,
      family,
      stages: stagesFor(family, each, head),
      misfit: Math.abs(Math.log(each / family.ratedFlow)),
    }))
    .filter(({ family, stages }) => stages <= family.stages[1])
    .sort((p, q) => p.misfit - q.misfit);
  const best = choices[0];
  if (!best) throw new RangeError(`no pump family gives ${head.toFixed(0)} m at ${each.toFixed(1)} m³/h`);
  return { family: best.name, stages: best.stages, duty };
}

/** Duty and stand-by pumps P1, P2 … of one choice, as they stand in a room. */
export function pumpUnits(
  { family: name, stages, duty }: PumpChoice,
  standby: number,
  roomYear: number,
  random: Random,
): PumpUnit[] {
  const family = pumpFamilies[name]!;
  const maker = MAKERS[random.weighted(MAKER_SHARES)]!;
  const power = MOTOR_RESERVE * shaftPower(family, stages, family.ratedFlow, 1);
  const motorKw = MOTORS.find((kw) => kw >= power) ?? MOTORS[MOTORS.length - 1]!;
  const model = name.startsWith('B') ? `DS${name.slice(1)}` : `VM${name}-${stages}`;
  return Array.from({ length: duty + standby }, (_, k) => ({
    id: `P${k + 1}`,
    family: name,
    stages,
    motorKw,
    model,
    maker,
    year: pumpYear(roomYear, random),
  }));
}

function stagesFor(family: PumpFamily, each: number, head: number): number {
  const onCurve = pumpHead(family, 1, each, 1);
  if (onCurve <= 0) return Number.POSITIVE_INFINITY;
  const needed = Math.max(
    (DUTY_RESERVE * head) / onCurve,
    (SHUTOFF_RESERVE * head) / family.shutoffHeadPerStage,
  );
  return Math.max(family.stages[0], Math.ceil(needed));
}

/** Pumps last ten to eighteen years, then one of the same kind follows. */
function pumpYear(roomYear: number, random: Random): number {
  let year = roomYear;
  for (let life = random.between(10, 18); year + life < 2026; life = random.between(10, 18)) {
    year = Math.floor(year + life);
  }
  return year;
}
