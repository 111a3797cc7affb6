import type { City } from '#sim/city/model.ts';
import { ownRecord, pumpConstants, pumpRecord, setConstants } from '#sim/station/constants.ts';
import type { PumpSpec } from '#sim/station/spec.ts';
import type { RoomFaultName } from './faultNames.ts';
import type { Layer } from './layer.ts';
import type { ScenarioEvent } from './schema.ts';

/** What is left of a new pump's head and efficiency in a clear case of each fault. */
const WORN_HEAD = 0.88;
const WORN_EFFICIENCY = 0.92;
const LOST_EFFICIENCY = 0.7;
/** Of the rated head, what a clogged strainer takes at the rated flow. */
const CLOGGED = 0.2;
/** Of the mean demand, what leaks behind the pumps. */
const LEAKING = 0.4;

const S = setConstants.at;
const P = pumpConstants.at;

/** Faults that change what a pump is. @param own constants, those of the pump at `p` @param size 1 is a clear case */
const OF_PUMP = {
  /** abrasion has taken head and efficiency */
  'impeller-worn': (own: Float64Array, p: number, size: number) => {
    own[p + P.shutoffHead]! *= WORN_HEAD ** size;
    own[p + P.wear]! *= (WORN_HEAD / WORN_EFFICIENCY) ** size;
  },
  /** the same head and flow for more power */
  'efficiency-lost': (own: Float64Array, p: number, size: number) => {
    own[p + P.wear]! /= LOST_EFFICIENCY ** size;
  },
  /** a loss before the pump, with the square of the flow */
  'strainer-clogged': (own: Float64Array, p: number, size: number, { stages, family }: PumpSpec) => {
    const rated = stages * family.ratedHeadPerStage;
    const loss = (CLOGGED * size * rated) / family.ratedFlow ** 2;
    own[p + P.conductance] = 1 / (1 / own[p + P.conductance]! + loss);
  },
};

/** A fault that changes what a room is built of: it stays until it is mended, and nothing moves by itself. */
type Wear = keyof typeof OF_PUMP | 'pipes-leaking';

export const isWear = (fault: RoomFaultName): fault is Wear => fault === 'pipes-leaking' || fault in OF_PUMP;

/** The layer of a fault that changes the constants of a pump, or of the pipes behind a pump set. */
export function wearLayer(
  city: City,
  { station: code, set: zone, pump: id, size }: Extract<ScenarioEvent, { do: 'room-fault' }>,
  fault: Wear,
): Layer {
  const i = city.model.roomOf.get(code)!;
  const { station, spec, means } = city.model.rooms[i]!;
  const { constants, firstSet, firstPump } = city.company;
  const k = station.pumpSets.findIndex((one) => one.zone === zone);
  const set = firstSet[i]! + k;
  const ofSet = constants.setStart + set * setConstants.size;
  if (fault === 'pipes-leaking') {
    const leak = ofSet + S.leak;
    return {
      lift: () => {
        constants.row[leak] = spec.sets[k]!.leak;
      },
      lay: () => {
        constants.row[leak]! += LEAKING * size * means[k]!;
      },
      moving: false,
    };
  }
  const p = station.pumpSets[k]!.pumps.findIndex((one) => one.id === id);
  const asBuilt = spec.sets[k]!.pumps[p]!;
  const at = ownRecord(constants, firstPump[set]! + p);
  // the controller goes by what its first pump lifts
  const tellController = () => {
    if (p === 0) constants.row[ofSet + S.shutoffHead] = constants.row[at + P.shutoffHead]!;
  };
  return {
    lift: () => {
      constants.row.set(pumpRecord(asBuilt), at);
      tellController();
    },
    lay: () => {
      OF_PUMP[fault](constants.row, at, size, asBuilt);
      tellController();
    },
    moving: false,
  };
}
