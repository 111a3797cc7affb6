import type { RoomFaultName } from '#sim/scenario/faultNames.ts';
import type { PumpSet } from '#twin/model/station.ts';
import type { FaultTrial } from './fault.ts';

/** A fault of every pump of a room. */
export const everyPump = (fault: RoomFaultName) => at(fault, ({ pumps }) => pumps);

/** One that a pump set has once. */
export const everySet = (fault: RoomFaultName) => at(fault, ({ pumps }) => pumps.slice(0, 1));

const at =
  (fault: RoomFaultName, pumpsOf: (set: PumpSet) => PumpSet['pumps']): FaultTrial['events'] =>
  ({ station }) =>
    station.pumpSets.flatMap((set) =>
      pumpsOf(set).map(({ id }) => ({
        do: 'room-fault' as const,
        at: '0 s',
        station: station.code,
        set: set.zone,
        pump: id,
        fault,
        size: 1,
      })),
    );
