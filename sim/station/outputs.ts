import { INLET } from './inlet.ts';
import type { Room } from './state.ts';

/** A set-point further from the design than this would ask of pumps and pipes what they were not built for. */
const SETPOINT_RANGE = { low: 0.5, high: 1.25 };

/**
 * Sets an output of a room, as its controller takes it: `…/P_SET` in MPa or `ZV_CMD` in %.
 * A valve command holds for half an hour or until the level asks otherwise.
 * @throws RangeError naming station, point and cause when the controller refuses
 */
export function writeOutput(room: Room, point: string, value: number): void {
  const { spec, state } = room;
  const refuse = (cause: string): never => {
    throw new RangeError(`station ${spec.code}: ${point} ${cause}`);
  };
  const definition = spec.template.points[spec.template.index.get(point) ?? -1];
  if (!definition) return refuse('is not one of its points');
  if (!definition.writable) refuse('cannot be written');
  if (!Number.isFinite(value)) refuse('must be a finite number');
  if (definition.tag === 'ZV_CMD') {
    if (spec.inlet.kind !== 'electric') refuse('has no electric valve to obey');
    if (value < 0 || value > 100) refuse(`must be within 0 and 100 %, not ${value}`);
    state.valveCommand = value / 100;
    state.valveRemote = INLET.remoteTime;
    return;
  }
  const k = [...new Set(spec.template.points.flatMap((p) => p.zone ?? []))].indexOf(definition.zone!);
  const design = spec.sets[k]!.setpoint;
  const low = SETPOINT_RANGE.low * design;
  const high = SETPOINT_RANGE.high * design;
  if (value < low || value > high)
    refuse(`must be within ${low.toFixed(3)} and ${high.toFixed(3)} MPa, not ${value}`);
  room.sets[k]!.state.setpoint = value;
}
