import { defaultOptions } from '#gis/network/emptyNetwork.ts';
import type { EnergyOptions, HydraulicOptions, TimeOptions } from '#gis/network/model.ts';
import { isPressureRange } from '#gis/network/pressure-range.ts';
import {
  type FlowUnits,
  flowUnits,
  isMetric,
  type PressureUnits,
  pressureUnits,
  type UnitFactors,
  unitFactors,
} from '#gis/network/units.ts';
import type { Issues } from './issues.ts';
import type { Row } from './rows.ts';
import { RowReader } from './values.ts';

export interface FileOptions {
  units: FlowUnits;
  pressureUnits?: PressureUnits;
  factors: UnitFactors;
  options: HydraulicOptions;
  /** options that are not about hydraulics, as written */
  kept: string[];
}

/** Options of water quality, maps and files. */
const notHydraulic = /^(QUAL|DIFF|TOLER|MAP|HYDR|VERI|SEGM|UNBALANCED$|BULK|WALL|HTOL|QTOL|RQTOL)/;

/** Reads [OPTIONS]. Units and formula may be named more than once only if they agree. */
export function readOptions(rows: Iterable<Row>, issues: Issues): FileOptions {
  const named = new Map<string, Row>();
  const kept: string[] = [];
  const options = defaultOptions();
  const once = (key: string, reader: RowReader): string => {
    const before = named.get(key);
    const word = (reader.word(1) ?? '').toUpperCase();
    if (before && before.words[1]?.toUpperCase() !== word) {
      reader.fail(`${key} is ${word} here and ${before.words[1]} on line ${before.line}`);
    }
    named.set(key, reader.row);
    return word;
  };
  let units: FlowUnits = 'GPM';
  let pressure: PressureUnits | undefined;
  let least = 0;
  const inPressureUnits: (() => void)[] = [];
  for (const row of rows) {
    if (row.words.length === 0) continue;
    const r = new RowReader(row, 'option', issues);
    const key = row.words[0]!.toUpperCase();
    const second = (r.word(1) ?? '').toUpperCase();
    const is = (prefix: string): boolean => key.startsWith(prefix);
    if (is('UNIT')) {
      const word = once('UNITS', r);
      // SI is EPANET's word for its metric default
      const known = word === 'SI' ? 'LPS' : flowUnits.find((u) => u === word);
      if (known) units = known;
      else r.fail(`"${word}" is not a flow unit (${flowUnits.join(', ')})`);
    } else if (is('PRESSURE') && second.startsWith('EXP')) {
      options.pressureExponent = r.positive(2, 'the exponent');
    } else if (is('PRESS')) {
      const word = once('PRESSURE', r);
      pressure = pressureUnits.find((u) => word !== '' && u.startsWith(word.slice(0, 3)));
      if (!pressure) r.fail(`"${word}" is not a pressure unit (${pressureUnits.join(', ')})`);
    } else if (is('HEADL')) {
      const word = once('HEADLOSS', r);
      const known = (['H-W', 'D-W', 'C-M'] as const).find((formula) => formula === word);
      if (known) options.headloss = known;
      else r.fail(`"${word}" is not a head loss formula (H-W, D-W, C-M)`);
    } else if (is('VISC')) options.viscosity = r.positive(1, 'the viscosity');
    else if (is('SPEC')) options.specificGravity = r.positive(2, 'the specific gravity');
    else if (is('TRIAL')) options.trials = r.positive(1, 'the number of trials');
    else if (is('ACCU')) options.accuracy = Math.min(0.1, Math.max(1e-5, r.positive(1, 'the accuracy')));
    else if (is('HEADERR')) {
      const value = r.number(1, 'the head error', undefined, 0);
      inPressureUnits.push(() => {
        options.headError = value * unitFactors(units).length;
      });
    } else if (is('FLOWCH')) {
      const value = r.number(1, 'the flow change', undefined, 0);
      inPressureUnits.push(() => {
        options.flowChange = value * unitFactors(units).flow;
      });
    } else if (is('UNBAL')) {
      if (second.startsWith('CONT'))
        options.unbalanced = { stop: false, extraTrials: r.number(2, 'the extra trials', 0, 0) };
      else if (second.startsWith('STOP')) options.unbalanced = { stop: true };
      else r.fail(`"${second}" is neither STOP nor CONTINUE`);
    } else if (is('PATT')) {
      const id = r.word(1);
      if (id !== undefined) options.defaultPattern = id;
    } else if (is('DEMA') && second.startsWith('MULT')) {
      options.demandMultiplier = r.number(2, 'the multiplier', 1, 0);
    } else if (is('DEMA') && second.startsWith('MODEL')) {
      const model = (r.word(2) ?? '').toUpperCase();
      if (model === 'PDA' || model === 'DDA') options.demandModel = model;
      else r.fail(`"${model}" is neither DDA nor PDA`);
    } else if (is('EMIT') && second.startsWith('EXP')) {
      options.emitterExponent = r.positive(2, 'the exponent');
    } else if (is('BACKFLOW') || (is('EMIT') && second.startsWith('BACK'))) {
      const word = r.need(2, 'whether it is allowed').toUpperCase();
      if (word === 'NO') options.emitterBackflow = false;
      else if (word === 'YES') delete options.emitterBackflow;
      else if (word !== '') r.fail(`"${word}" is neither YES nor NO`);
    } else if (is('MINI') && second.startsWith('PRES')) {
      const value = r.number(2, 'the minimum pressure', undefined, 0);
      least = value;
      inPressureUnits.push(() => {
        options.minimumPressure = value * unitFactors(units, pressure, options.specificGravity).pressure;
      });
    } else if (is('REQU')) {
      const value = r.number(2, 'the required pressure', undefined, 0);
      inPressureUnits.push(() => {
        // so does EPANET, whatever the demand model (its error 208)
        if (!r.failed && !isPressureRange(least, value))
          r.fail(`the required pressure ${value} is not at least 0.1 above the minimum pressure ${least}`);
        options.requiredPressure = value * unitFactors(units, pressure, options.specificGravity).pressure;
      });
    } else if (is('CHECK')) options.checkFrequency = r.positive(1, 'the check frequency');
    else if (is('MAXCH')) options.maxCheck = r.positive(1, 'the last check');
    else if (is('DAMP')) options.dampLimit = r.number(1, 'the damping limit', undefined, 0);
    else if (notHydraulic.test(key)) kept.push(row.text.trim());
    else r.fail('unknown option');
  }
  for (const convert of inPressureUnits) convert();
  // A viscosity this small is not a multiplier but the value itself, in the file's area per second.
  if (options.viscosity <= 1e-3) options.viscosity *= 1 / (isMetric(units) ? 1.1e-5 * 0.3048 ** 2 : 1.1e-5);
  const factors = unitFactors(units, pressure, options.specificGravity);
  return { units, ...(pressure ? { pressureUnits: pressure } : {}), factors, options, kept };
}

/** Reads [TIMES]; what is not about hydraulics is kept as written. */
export function readTimes(rows: Iterable<Row>, issues: Issues): { times: TimeOptions; kept: string[] } {
  const kept: string[] = [];
  const t: Partial<TimeOptions> = {};
  for (const row of rows) {
    if (row.words.length === 0) continue;
    const r = new RowReader(row, 'time', issues);
    const key = row.words[0]!.toUpperCase();
    const start = (r.word(1) ?? '').toUpperCase().startsWith('START');
    if (key.startsWith('DURA')) t.duration = r.duration(1, 'the duration');
    else if (key.startsWith('HYDR')) t.hydraulicStep = r.duration(2, 'the step');
    else if (key.startsWith('RULE')) t.ruleStep = r.duration(2, 'the step');
    else if (key.startsWith('PATT')) t[start ? 'patternStart' : 'patternStep'] = r.duration(2, 'the time');
    else if (key.startsWith('REPO')) t[start ? 'reportStart' : 'reportStep'] = r.duration(2, 'the time');
    else if (key.startsWith('START')) t.startClockTime = r.clock(2, 'the time') % 86400;
    else if (/^(QUAL|STAT|MINI)/.test(key)) kept.push(row.text.trim());
    else r.fail('unknown time');
  }
  const patternStep = t.patternStep || 3600;
  const reportStep = t.reportStep || patternStep;
  const hydraulicStep = Math.min(t.hydraulicStep || 3600, patternStep, reportStep);
  const times: TimeOptions = {
    duration: t.duration ?? 0,
    hydraulicStep,
    patternStep,
    patternStart: t.patternStart ?? 0,
    reportStep,
    reportStart: (t.reportStart ?? 0) > (t.duration ?? 0) ? 0 : (t.reportStart ?? 0),
    ruleStep: Math.min(t.ruleStep || Math.max(1, Math.floor(hydraulicStep / 10)), hydraulicStep),
    startClockTime: t.startClockTime ?? 0,
  };
  return { times, kept };
}

export interface PumpEnergy {
  efficiencyCurve?: string;
  energyPrice?: number;
  pricePattern?: string;
}

/** Reads [ENERGY]. */
export function readEnergy(
  rows: Iterable<Row>,
  issues: Issues,
): { energy?: EnergyOptions; pumps: Map<string, PumpEnergy & { line: number }> } {
  const energy: EnergyOptions = { efficiency: 75, price: 0, demandCharge: 0 };
  const pumps = new Map<string, PumpEnergy & { line: number }>();
  let named = false;
  for (const row of rows) {
    if (row.words.length === 0) continue;
    const r = new RowReader(row, 'energy', issues);
    const key = row.words[0]!.toUpperCase();
    if (key.startsWith('DEMA')) {
      energy.demandCharge = r.number(2, 'the charge', undefined, 0);
      named = true;
    } else if (key.startsWith('GLOB')) {
      const what = (r.word(1) ?? '').toUpperCase();
      if (what.startsWith('PRIC')) energy.price = r.number(2, 'the price', undefined, 0);
      else if (what.startsWith('PATT')) energy.pricePattern = r.need(2, 'the pattern');
      else if (what.startsWith('EFFI')) energy.efficiency = r.positive(2, 'the efficiency');
      else r.fail(`"${what}" is not PRICE, PATTERN or EFFICIENCY`);
      named = true;
    } else if (key.startsWith('PUMP')) {
      const id = r.need(1, 'the pump');
      const pump = pumps.get(id) ?? { line: row.line };
      const what = (r.word(2) ?? '').toUpperCase();
      if (what.startsWith('PRIC')) pump.energyPrice = r.number(3, 'the price', undefined, 0);
      else if (what.startsWith('PATT')) pump.pricePattern = r.need(3, 'the pattern');
      else if (what.startsWith('EFFI')) pump.efficiencyCurve = r.need(3, 'the curve');
      else r.fail(`"${what}" is not PRICE, PATTERN or EFFICIENCY`);
      pumps.set(id, pump);
    } else r.fail('unknown line');
  }
  return named ? { energy, pumps } : { pumps };
}
