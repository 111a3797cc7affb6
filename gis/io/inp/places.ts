import type { Network } from '#gis/network/model.ts';
import { parseNumber } from '#gis/network/words.ts';
import type { Row, SectionName, Sections } from './rows.ts';

/**
 * Reads where nodes and the bends of links lie.
 *
 * @returns the rows that place nothing, by section: leftovers of drawings, which EPANET reads over
 */
export function readPlaces(
  sections: Sections,
  network: Pick<Network, 'coordinates' | 'vertices'>,
  nodes: ReadonlyMap<string, number>,
  links: ReadonlyMap<string, number>,
): Map<SectionName, Row[]> {
  const left = new Map<SectionName, Row[]>();
  const read = (
    section: SectionName,
    known: ReadonlyMap<string, number>,
    place: (id: string, point: [number, number]) => void,
  ): void => {
    const strays: Row[] = [];
    for (const row of sections.data(section)) {
      const point = pointOf(row);
      if (point && known.has(row.words[0]!)) place(row.words[0]!, point);
      else strays.push(row);
    }
    if (strays.length > 0) left.set(section, strays);
  };
  read('COORDINATES', nodes, (id, point) => network.coordinates.set(id, point));
  read('VERTICES', links, (id, point) => {
    const points = network.vertices.get(id);
    if (points) points.push(point);
    else network.vertices.set(id, [point]);
  });
  return left;
}

function pointOf({ words }: Row): [number, number] | undefined {
  const [x, y] = [parseNumber(words[1] ?? ''), parseNumber(words[2] ?? '')];
  return x === undefined || y === undefined ? undefined : [x, y];
}
