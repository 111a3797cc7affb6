import type { DemoCity, MainFacts } from './model.ts';

/** A main as a line, for maps and the database. */
export interface MainLine extends MainFacts {
  id: string;
  /** mm */
  dn: number;
  /** m */
  length: number;
  from: string;
  to: string;
  /** WGS 84 degrees */
  line: [lon: number, lat: number][];
}

/** Every main of the city, from node to node. Throws on a node without a place. */
export function mainLines({ network, mains }: DemoCity): MainLine[] {
  const place = (node: string, main: string): [number, number] => {
    const at = network.coordinates.get(node);
    if (!at) throw new Error(`node ${node} of main ${main} has no coordinates`);
    return at;
  };
  return network.links.flatMap((link) => {
    const facts = mains.get(link.id);
    if (link.kind !== 'pipe' || !facts) return [];
    const { id, from, to, length, diameter } = link;
    const line = [place(from, id), ...(network.vertices.get(id) ?? []), place(to, id)];
    return [{ id, dn: Math.round(diameter), length, from, to, line, ...facts }];
  });
}
