import { ALARMS_TOPIC, alarmResolution } from '#twin/wire/alarms.ts';
import { OVERVIEW_TOPIC, overviewResolution, STATION_SHEET, stationResolution } from '#twin/wire/live.ts';
import { emptySheet } from '#twin/wire/sheet.ts';
import type { AlarmDesk } from '../alarms/desk.ts';
import type { RegisteredStation, Registry } from '../registry/registry.ts';
import type { Overview } from './overview.ts';
import type { TopicSource } from './topic.ts';

const STATION_COLUMNS = Object.keys(STATION_SHEET).length;

/** The topics of the live city: `overview`, `alarms` and `station:<code>`. */
export function liveSource(
  topic: string,
  registry: Registry,
  overview: Overview,
  desk: Pick<AlarmDesk, 'sheet'>,
): TopicSource | undefined {
  if (topic === ALARMS_TOPIC) return { name: topic, resolution: alarmResolution, sheet: () => desk.sheet() };
  if (topic === OVERVIEW_TOPIC) {
    const sheet = (now: number) => {
      overview.refresh(now);
      return overview.sheet;
    };
    return { name: topic, resolution: overviewResolution, sheet };
  }
  const code = /^station:(.+)$/.exec(topic)?.[1];
  const station = code === undefined ? undefined : registry.byCode.get(code);
  return station && stationSource(topic, station);
}

function stationSource(name: string, station: RegisteredStation): TopicSource {
  const { template } = station.place.columns;
  const sheet = emptySheet(template.points.length, STATION_COLUMNS);
  return {
    name,
    resolution: stationResolution(template),
    sheet() {
      const { columns, row } = station.place;
      for (let point = 0; point < template.points.length; point++) {
        const cell = point * STATION_COLUMNS;
        const time = columns.times[point]![row]!;
        sheet.values[cell + STATION_SHEET.value] = columns.values[point]![row]!;
        sheet.values[cell + STATION_SHEET.quality] = columns.qualities[point]![row]!;
        sheet.values[cell + STATION_SHEET.time] = time === 0 ? Number.NaN : time;
      }
      return sheet;
    },
  };
}
