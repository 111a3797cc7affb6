import type { PointScope } from '#twin/catalogue/definition.ts';
import type { StationKind } from '#twin/model/station.ts';
import type { Place, TemplateColumns } from '#twin/state/columns.ts';
import { type Spot, spotsOf } from './spots.ts';

/**
 * All stations of a kind over all their templates, their pump sets and their pumps: three lists of rows. A city has forty
 * templates, half of them of a handful of stations; a rule that is looked at over the whole kind is one loop.
 *
 * Rows only come: stations one after the other, the sets of a station and the pumps of a set beside each other.
 */
export interface Fleet {
  readonly kind: StationKind;
  readonly parts: readonly FleetPart[];
  readonly stations: readonly Place[];
  /** rows at each depth */
  readonly rows: Readonly<Record<PointScope, number>>;
  /** by row at each depth */
  readonly spots: Readonly<Record<PointScope, readonly Spot[]>>;
  /** station of each row, at each depth */
  readonly stationOf: Readonly<Record<PointScope, Int32Array>>;
  readonly setOfPump: Int32Array;
  /** by station, with the end of the last one after it */
  readonly firstSet: Int32Array;
  readonly firstPump: Int32Array;
  /** first pump of each set, with the end of the last one after it */
  readonly firstPumpOfSet: Int32Array;
}

/** The stations of one template in a fleet. */
export interface FleetPart {
  readonly columns: TemplateColumns;
  /** at each depth, by spot of the template: its row in the fleet by row of the template */
  readonly places: Readonly<Record<PointScope, readonly { spot: Spot; rows: Int32Array }[]>>;
}

/** A fleet as it is made. */
interface Growing extends Fleet {
  parts: { columns: TemplateColumns; places: Record<PointScope, { spot: Spot; rows: Int32Array }[]> }[];
  stations: Place[];
  rows: Record<PointScope, number>;
  spots: Record<PointScope, Spot[]>;
  stationOf: Record<PointScope, Int32Array>;
  setOfPump: Int32Array;
  firstSet: Int32Array;
  firstPump: Int32Array;
  firstPumpOfSet: Int32Array;
}

const DEPTHS: readonly PointScope[] = ['station', 'set', 'pump'];

export const emptyFleet = (kind: StationKind): Fleet =>
  ({
    kind,
    parts: [],
    stations: [],
    rows: { station: 0, set: 0, pump: 0 },
    spots: { station: [], set: [], pump: [] },
    stationOf: { station: new Int32Array(0), set: new Int32Array(0), pump: new Int32Array(0) },
    setOfPump: new Int32Array(0),
    firstSet: new Int32Array(1),
    firstPump: new Int32Array(1),
    firstPumpOfSet: new Int32Array(1),
  }) satisfies Growing;

/** Takes up the stations of a template of the fleet's kind that are new. */
export function extendFleet(fleet: Fleet, columns: TemplateColumns): void {
  const growing = fleet as Growing;
  const part = partOf(growing, columns);
  const { rows } = growing;
  const { places } = part;
  const before = places.station[0]!.rows.length;
  const after = columns.codes.length;
  if (before === after) return;
  const added = after - before;
  for (const depth of DEPTHS) {
    for (const place of places[depth]) place.rows = longer(place.rows, after);
    growing.stationOf[depth] = longer(growing.stationOf[depth], rows[depth] + added * places[depth].length);
  }
  growing.setOfPump = longer(growing.setOfPump, rows.pump + added * places.pump.length);
  growing.firstSet = longer(growing.firstSet, rows.station + added + 1);
  growing.firstPump = longer(growing.firstPump, rows.station + added + 1);
  growing.firstPumpOfSet = longer(growing.firstPumpOfSet, rows.set + added * places.set.length + 1);
  for (let row = before; row < after; row++) addRows(growing, part, row);
}

function partOf(fleet: Growing, columns: TemplateColumns): Growing['parts'][number] {
  const known = fleet.parts.find((part) => part.columns === columns);
  if (known) return known;
  const at = (depth: PointScope) =>
    spotsOf(columns.template, depth).map((spot) => ({ spot, rows: new Int32Array(0) }));
  const part = { columns, places: { station: at('station'), set: at('set'), pump: at('pump') } };
  fleet.parts.push(part);
  return part;
}

function addRows(fleet: Growing, { columns, places }: Growing['parts'][number], row: number): void {
  const { rows, spots, stationOf } = fleet;
  const station = rows.station;
  fleet.stations.push({ columns, row });
  const add = (depth: PointScope, { spot, rows: ofTemplate }: { spot: Spot; rows: Int32Array }) => {
    const made = rows[depth]++;
    ofTemplate[row] = made;
    spots[depth].push(spot);
    stationOf[depth][made] = station;
    return made;
  };
  add('station', places.station[0]!);
  for (const place of places.set) {
    const set = add('set', place);
    for (const pump of places.pump)
      if (pump.spot.zone === place.spot.zone) fleet.setOfPump[add('pump', pump)] = set;
    fleet.firstPumpOfSet[set + 1] = rows.pump;
  }
  fleet.firstSet[station + 1] = rows.set;
  fleet.firstPump[station + 1] = rows.pump;
}

/** Rows at another depth that lie in a row or hold it: a pump, its set, its station. @returns from the first, before the end */
export function relatedRows(
  fleet: Fleet,
  from: PointScope,
  row: number,
  to: PointScope,
): [first: number, end: number] {
  if (from === to) return [row, row + 1];
  if (to === 'station') return [fleet.stationOf[from][row]!, fleet.stationOf[from][row]! + 1];
  if (from === 'station') {
    const first = to === 'set' ? fleet.firstSet : fleet.firstPump;
    return [first[row]!, first[row + 1]!];
  }
  if (to === 'set') return [fleet.setOfPump[row]!, fleet.setOfPump[row]! + 1];
  return [fleet.firstPumpOfSet[row]!, fleet.firstPumpOfSet[row + 1]!];
}

/** Code of the station of a row. */
export function codeAt({ stations, stationOf }: Fleet, depth: PointScope, row: number): string {
  const { columns, row: ofTemplate } = stations[stationOf[depth][row]!]!;
  return columns.codes[ofTemplate]!;
}

function longer(known: Int32Array, length: number): Int32Array {
  const grown = new Int32Array(length);
  grown.set(known);
  return grown;
}
