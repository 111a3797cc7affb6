import type { Station } from '#twin/model/station.ts';
import { addStation, emptyState, type TwinState } from '#twin/state/columns.ts';
import type { Database } from '../database/database.ts';
import type { IngestStation } from '../ingest/ingest.ts';

/** A station the city knows: its row in the overview is its place in `stations`. */
export interface RegisteredStation extends IngestStation {
  station: Station;
  templateId: string;
  overviewRow: number;
  /** metric name → point name, where a foreign gateway names its metrics otherwise */
  mapping: ReadonlyMap<string, string>;
}

/** Stations in memory, as the database has them. `revision` grows whenever the list changes. */
export class Registry {
  readonly state: TwinState = emptyState();
  readonly stations: RegisteredStation[] = [];
  readonly byCode = new Map<string, RegisteredStation>();
  revision = 0;

  static async load(database: Database): Promise<Registry> {
    const registry = new Registry();
    await registry.reload(database);
    return registry;
  }

  /** Takes up stations that were added since; known ones keep their rows, a changed template gets a new place. */
  async reload(database: Database): Promise<void> {
    const { rows } = await database.query<StationRow>(
      'SELECT id, code, template, body FROM station WHERE registered ORDER BY id',
    );
    const maps = await database.query<MapRow>('SELECT station, metric, point FROM point_map');
    const mappings = groupMappings(maps.rows);
    for (const row of rows) {
      const mapping = mappings.get(row.code) ?? new Map<string, string>();
      const known = this.byCode.get(row.code);
      if (known?.templateId === row.template) {
        known.mapping = mapping;
        continue;
      }
      this.add(row, mapping, known?.overviewRow);
    }
    this.revision++;
  }

  /** From `now` (ms since epoch) on we listen for stations, by number, that were heard before: their silence counts. */
  awaitAgain(heard: ReadonlySet<number>, now: number): void {
    for (const { id, place } of this.stations) if (heard.has(id)) place.columns.awaitedSince[place.row] = now;
  }

  private add(row: StationRow, mapping: ReadonlyMap<string, string>, overviewRow: number | undefined): void {
    const made: RegisteredStation = {
      code: row.code,
      id: row.id,
      place: addStation(this.state, row.code, row.template),
      cleaning: null,
      newestFrame: 0,
      station: row.body,
      templateId: row.template,
      overviewRow: overviewRow ?? this.stations.length,
      mapping,
    };
    this.stations[made.overviewRow] = made;
    this.byCode.set(row.code, made);
  }
}

interface StationRow {
  id: number;
  code: string;
  template: string;
  body: Station;
}

interface MapRow {
  station: string;
  metric: string;
  point: string;
}

function groupMappings(rows: readonly MapRow[]): Map<string, Map<string, string>> {
  const maps = new Map<string, Map<string, string>>();
  for (const { station, metric, point } of rows) {
    const map = maps.get(station) ?? new Map<string, string>();
    map.set(metric, point);
    maps.set(station, map);
  }
  return maps;
}
