import type { NetworkNode } from '#gis/network/model.ts';
import type { Station } from '#twin/model/station.ts';
import type { DemoCity, MainKind, Works } from './model.ts';

/** GeoJSON (RFC 7946) features of the two geometries the city has. */
export type PointFeature<P> = Feature<P, { type: 'Point'; coordinates: [number, number] }>;
export type LineFeature<P> = Feature<P, { type: 'LineString'; coordinates: [number, number][] }>;

interface Feature<P, G> {
  type: 'Feature';
  id: string;
  properties: P;
  geometry: G;
}

export interface MainProperties {
  id: string;
  /** mm */
  dn: number;
  kind: MainKind;
  zone: string;
  /** m */
  length: number;
  /** shut between two zones */
  boundary: boolean;
}

export interface NodeProperties {
  id: string;
  kind: NetworkNode['kind'];
  zone: string;
  /** district code; absent where the node belongs to a works */
  district?: string;
  /** ground, or head of a reservoir, m */
  elevation: number;
  /** mean, m³/h */
  demand: number;
}

/** Mains as lines in WGS 84 degrees. */
export function mainFeatures({ network, mains }: DemoCity): LineFeature<MainProperties>[] {
  return network.links.flatMap((link) => {
    const facts = mains.get(link.id);
    if (link.kind !== 'pipe' || !facts) return [];
    const coordinates = [link.from, link.to].map((node) => position(network.coordinates, node, link.id));
    coordinates.splice(1, 0, ...(network.vertices.get(link.id) ?? []));
    const properties = { id: link.id, dn: link.diameter, length: link.length, ...facts };
    return [{ type: 'Feature', id: link.id, properties, geometry: { type: 'LineString', coordinates } }];
  });
}

/** Nodes of the network as points. */
export function nodeFeatures(city: DemoCity): PointFeature<NodeProperties>[] {
  return city.network.nodes.map((node) => {
    const district = city.nodeDistrict.get(node.id);
    return point(node.id, position(city.network.coordinates, node.id, node.id), {
      id: node.id,
      kind: node.kind,
      zone: city.nodeZone.get(node.id) ?? '',
      ...(district === undefined ? {} : { district }),
      elevation: node.kind === 'reservoir' ? node.head : node.elevation,
      demand: node.kind === 'junction' ? node.demands.reduce((sum, { base }) => sum + base, 0) : 0,
    });
  });
}

/** Works as points, with all that is known of them. */
export function worksFeatures({ works }: DemoCity): PointFeature<Works>[] {
  return works.map((one) => point(one.id, [one.lon, one.lat], one));
}

/** Stations as points, with all that is known of them. */
export function stationFeatures({ stations }: DemoCity): PointFeature<Station>[] {
  return stations.map((station) => point(station.code, [station.lon, station.lat], station));
}

function point<P>(id: string, coordinates: [number, number], properties: P): PointFeature<P> {
  return { type: 'Feature', id, properties, geometry: { type: 'Point', coordinates } };
}

function position(
  coordinates: DemoCity['network']['coordinates'],
  node: string,
  of: string,
): [number, number] {
  const found = coordinates.get(node);
  if (!found) throw new RangeError(`${of}: node ${node} has no coordinates`);
  return found;
}
