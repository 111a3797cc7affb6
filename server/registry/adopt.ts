import { template } from '#twin/catalogue/template.ts';
import type { Station } from '#twin/model/station.ts';
import type { AdoptRequest } from '#twin/wire/api.ts';
import type { Database } from '../database/database.ts';

/** A request that cannot be carried out, with every reason. */
export class AdoptError extends Error {
  readonly details: string[];
  constructor(details: string[]) {
    super('the station cannot be adopted');
    this.details = details;
  }
}

/**
 * Makes a station of an unregistered node: one transaction writes the station and its mapping.
 * Throws AdoptError naming each point that its kind does not have and each point named twice.
 */
export async function adopt(database: Database, request: AdoptRequest): Promise<void> {
  const { id, index } = template({ kind: request.kind, sets: request.sets });
  const problems = Object.entries(request.mapping).flatMap(([metric, point]) =>
    index.has(point) ? [] : [`${metric}: ${point} is no point of a ${request.kind} station with these pumps`],
  );
  const targets = Object.values(request.mapping);
  for (const point of new Set(targets.filter((name, i) => targets.indexOf(name) !== i)))
    problems.push(`${point} is mapped more than once`);
  if (new Set(request.sets.map(({ zone }) => zone)).size < request.sets.length)
    problems.push('a pressure zone is named twice');
  if (targets.length === 0) problems.push('no metric is mapped');
  if (problems.length > 0) throw new AdoptError(problems);
  const body = stationOf(request);
  await database.transaction(async (query) => {
    const known = await query('SELECT 1 FROM station WHERE code = $1 AND registered', [request.code]);
    if (known.rowCount > 0) throw new AdoptError([`${request.code} is a station already`]);
    await query(
      `INSERT INTO station (code, registered, template, body, geom)
       VALUES ($1, true, $2, $3, ST_SetSRID(ST_MakePoint($4, $5), 4490))`,
      [request.code, id, JSON.stringify(body), request.lon, request.lat],
    );
    for (const [metric, point] of Object.entries(request.mapping)) {
      await query('INSERT INTO point_map (station, metric, point) VALUES ($1, $2, $3)', [
        request.code,
        metric,
        point,
      ]);
    }
  });
}

/** Equipment data are not in a birth: zero and empty say that nobody has entered them yet. */
function stationOf(request: AdoptRequest): Station {
  return {
    code: request.code,
    name: request.name,
    kind: request.kind,
    district: request.district,
    supplyZone: request.supplyZone,
    node: '',
    lon: request.lon,
    lat: request.lat,
    elevation: 0,
    pattern: '',
    meanDemand: 0,
    pumpSets: request.sets.map(({ zone, pumps }) => ({
      zone,
      setpoint: 0,
      pumps: Array.from({ length: pumps }, (_, i) => ({
        id: `P${i + 1}`,
        family: '',
        stages: 0,
        motorKw: 0,
        model: '',
        maker: '',
        year: 0,
      })),
      homes: 0,
      topHeight: 0,
      bladderLitres: 0,
    })),
    inlet: { kind: 'none', dn: 0, maxFlow: 0 },
    meters: [],
    year: 0,
  };
}
