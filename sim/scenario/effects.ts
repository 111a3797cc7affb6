import { type City, WHOLE } from '#sim/city/model.ts';
import { lookOut } from '#sim/city/step.ts';
import { writeOutput } from '#sim/station/outputs.ts';
import { level, type RoomState, type SetState } from '#sim/station/state.ts';
import { cubicMetresPerSecond, metresFromMpa } from '#twin/units.ts';
import { secondsOf } from './duration.ts';
import { selectStations } from './names.ts';
import type { ScenarioEvent } from './schema.ts';
import { parseSelector } from './statement.ts';

/** What an event does to a city. Each call leaves the city as its next second should find it. */
export interface Effect {
  begin: () => void;
  /** @param seconds since it began; called once a second while it lasts */
  go?: (seconds: number) => void;
  end: () => void;
}

/** The pressure at which a break has its named flow, MPa. */
const NAMED_PRESSURE = 0.3;

/** @param offline codes of stations that hear no command; changed by the loss of their line */
export function effectOf(
  city: City,
  event: ScenarioEvent,
  offline: Set<string>,
  note: (text: string) => void,
): Effect {
  const { circumstances } = city;
  /** sets a column at some places and puts back what was there */
  const column = (
    values: Float64Array,
    places: readonly number[],
    value: (before: number) => number,
  ): Effect => {
    let before: number[] = [];
    return {
      begin: () => {
        before = places.map((i) => values[i]!);
        places.forEach((i, k) => {
          values[i] = value(before[k]!);
        });
        look(city);
      },
      end: () => {
        places.forEach((i, k) => {
          values[i] = before[k]!;
        });
        look(city);
      },
    };
  };
  switch (event.do) {
    case 'power-cut':
      return column(circumstances.power, roomsOf(city, event.stations), () => 0);
    case 'demand-surge':
      return column(circumstances.demand, roomsOf(city, event.stations), (before) => before * event.factor);
    case 'burst':
    case 'growing-leak': {
      const node = city.model.h.nodeIndex.get(event.node)!;
      const full = cubicMetresPerSecond(event.flow) / Math.sqrt(metresFromMpa(NAMED_PRESSURE));
      const effect = column(
        circumstances.leak,
        [node],
        (before) => before + (event.do === 'burst' ? full : 0),
      );
      if (event.do === 'burst') return effect;
      const over = secondsOf(event.over)!;
      return {
        ...effect,
        go: (seconds) => {
          circumstances.leak[node] = full * Math.min(1, seconds / over);
        },
      };
    }
    case 'works-outage': {
      const link = city.model.h.linkIndex.get(`${event.works}-PS`)!;
      return column(
        circumstances.speed,
        [city.model.scheduled.findIndex((pump) => pump.link === link)],
        () => 0,
      );
    }
    case 'source-chlorine': {
      const rooms = roomsOf(city, event.stations);
      const over = secondsOf(event.over)!;
      return {
        ...column(circumstances.chlorine, rooms, (before) => before),
        go: (seconds) => {
          const factor = 1 + (event.factor - 1) * Math.min(1, seconds / over);
          for (const i of rooms) circumstances.chlorine[i] = factor;
        },
      };
    }
    case 'heat-wave': {
      const all = city.rooms.map((_, i) => i);
      const effects = [
        column(circumstances.demand, all, (before) => before * event.factor),
        column(circumstances.whole, [WHOLE.directDemand], (before) => before * event.factor),
        column(circumstances.whole, [WHOLE.warmer], (before) => before + event.warmer),
      ];
      return {
        begin: () => {
          for (const { begin } of effects) begin();
        },
        end: () => {
          for (const { end } of effects) end();
        },
      };
    }
    case 'comms-loss': {
      const codes = roomsOf(city, event.stations).map((i) => city.model.rooms[i]!.station.code);
      return {
        begin: () => {
          for (const code of codes) offline.add(code);
        },
        end: () => {
          for (const code of codes) offline.delete(code);
        },
      };
    }
    case 'command':
      return {
        begin: () => {
          for (const i of roomsOf(city, event.stations)) command(city, i, event, offline, note);
        },
        end: () => {},
      };
    default:
      return roomEffect(city, event);
  }
}

function command(
  city: City,
  i: number,
  event: Extract<ScenarioEvent, { do: 'command' }>,
  offline: ReadonlySet<string>,
  note: (text: string) => void,
): void {
  const { station } = city.model.rooms[i]!;
  if (offline.has(station.code))
    return note(`${station.code} is not heard from: ${event.point} not delivered`);
  const point = event.point === 'P_SET' ? `${event.set}/P_SET` : event.point;
  try {
    writeOutput(city.rooms[i]!, point, event.value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    note(error.message);
  }
}

type RoomEvent = Extract<ScenarioEvent, { station: string }>;

function roomEffect(city: City, event: RoomEvent): Effect {
  const i = city.model.roomOf.get(event.station)!;
  const { state, sets } = city.rooms[i]!;
  const { station } = city.model.rooms[i]!;
  if (event.do === 'valve-stuck')
    return {
      begin: () => {
        state.valveFault = 1;
        state.valve = event.position / 100;
      },
      end: () => {
        state.valveFault = 0;
      },
    };
  const k = station.pumpSets.findIndex(({ zone }) => zone === event.set);
  const set = sets[k]!;
  const pump =
    'pump' in event ? set.pumps[station.pumpSets[k]!.pumps.findIndex(({ id }) => id === event.pump)]! : null;
  switch (event.do) {
    case 'pump-trip':
      return {
        begin: () => {
          pump!.fault = 1;
        },
        end: () => {
          pump!.fault = 0;
        },
      };
    case 'check-valve-leak':
      return {
        begin: () => {
          pump!.checkLeak = event.conductance;
        },
        end: () => {
          pump!.checkLeak = 0;
        },
      };
    case 'detuned-loop':
      return {
        begin: () => {
          set.state.tuning = event.gain;
        },
        end: () => {
          set.state.tuning = 1;
        },
      };
    case 'sensor-fault':
      return sensorEffect(city, event, state, set.state);
  }
}

type SensorEvent = Extract<ScenarioEvent, { do: 'sensor-fault' }>;

function sensorEffect(city: City, event: SensorEvent, room: RoomState, set: SetState): Effect {
  const off = (error: number) => {
    if (event.point === 'L1') room.levelError = error;
    else set.pressureError = error;
  };
  const end = () => {
    off(0);
    set.pressureFrozen = 0;
  };
  switch (event.fault) {
    case 'bias':
      return { begin: () => off(event.by), end };
    case 'drift':
      return { begin: () => off(0), go: (seconds) => off((event.by * seconds) / 3600), end };
    case 'frozen':
      if (event.point === 'P_OUT')
        return {
          begin: () => {
            set.pressureFrozen = Math.max(1e-4, set.pressure);
          },
          end,
        };
      return frozenLevel(city, event.station, off, end);
  }
}

/** A level that stands still reads the more too much the further the water falls. */
function frozenLevel(city: City, code: string, off: (error: number) => void, end: () => void): Effect {
  const room = city.rooms[city.model.roomOf.get(code)!]!;
  let stood = 0;
  return {
    begin: () => {
      stood = level(room);
    },
    go: () => off(stood - level(room)),
    end,
  };
}

/** Lets the rooms know what has changed around them, and asks for a solve. */
function look(city: City): void {
  lookOut(city);
  city.upset = true;
}

function roomsOf({ model }: City, stations: string): number[] {
  const all = model.rooms.map(({ station }) => station);
  return selectStations(all, parseSelector(stations)).map(({ code }) => model.roomOf.get(code)!);
}
