import type { Network, TimeOptions } from '#gis/network/model.ts';
import { isPressureRange } from '#gis/network/pressure-range.ts';
import type { FlowUnits, UnitFactors } from '#gis/network/units.ts';
import { fileId, fileTime } from './write-text.ts';

type Rows = (string | number)[][];

export function writeTimes(t: TimeOptions): Rows {
  const named: [string, number][] = [
    ['Duration', t.duration],
    ['Hydraulic Timestep', t.hydraulicStep],
    ['Pattern Timestep', t.patternStep],
    ['Pattern Start', t.patternStart],
    ['Report Timestep', t.reportStep],
    ['Report Start', t.reportStart],
    ['Rule Timestep', t.ruleStep],
    ['Start ClockTime', t.startClockTime],
  ];
  return named.map(([name, seconds]) => [name, fileTime(seconds)]);
}

export function writeOptions(network: Network, units: FlowUnits, f: UnitFactors): Rows {
  const o = network.options;
  const rows: Rows = [
    ['Units', units],
    ['Headloss', o.headloss],
    ['Viscosity', o.viscosity],
    ['Specific Gravity', o.specificGravity],
    ['Trials', o.trials],
    ['Accuracy', o.accuracy],
    ['Unbalanced', ...(o.unbalanced.stop ? ['Stop'] : ['Continue', o.unbalanced.extraTrials])],
    ['CheckFreq', o.checkFrequency],
    ['MaxCheck', o.maxCheck],
    ['DampLimit', o.dampLimit],
    ['Demand Multiplier', o.demandMultiplier],
    ['Emitter Exponent', o.emitterExponent],
    ['Demand Model', o.demandModel],
    ['Pressure Exponent', o.pressureExponent],
  ];
  if (network.pressureUnits !== undefined) rows.push(['Pressure', network.pressureUnits]);
  const [least, full] = [o.minimumPressure / f.pressure, o.requiredPressure / f.pressure];
  if (least > 0) rows.push(['Minimum Pressure', least]);
  if (isPressureRange(least, full)) rows.push(['Required Pressure', full]);
  if (o.headError > 0) rows.push(['HeadError', o.headError / f.length]);
  if (o.flowChange > 0) rows.push(['FlowChange', o.flowChange / f.flow]);
  if (o.defaultPattern !== undefined) rows.push(['Pattern', fileId(o.defaultPattern, 'pattern')]);
  if (o.emitterBackflow === false) rows.push(['Backflow Allowed', 'NO']);
  return rows;
}

export function writeEnergy(network: Network): Rows {
  const rows: Rows = [];
  const energy = network.energy;
  if (energy) {
    rows.push(['Global Efficiency', energy.efficiency], ['Global Price', energy.price]);
    if (energy.pricePattern !== undefined) {
      rows.push(['Global Pattern', fileId(energy.pricePattern, 'pattern')]);
    }
    rows.push(['Demand Charge', energy.demandCharge]);
  }
  for (const link of network.links) {
    if (link.kind !== 'pump') continue;
    const pump = fileId(link.id, 'pump');
    if (link.efficiencyCurve !== undefined)
      rows.push(['Pump', pump, 'Efficiency', fileId(link.efficiencyCurve, 'curve')]);
    if (link.energyPrice !== undefined) rows.push(['Pump', pump, 'Price', link.energyPrice]);
    if (link.pricePattern !== undefined)
      rows.push(['Pump', pump, 'Pattern', fileId(link.pricePattern, 'pattern')]);
  }
  return rows;
}
