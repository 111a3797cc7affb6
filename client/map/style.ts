import type {
  DataDrivenPropertyValueSpecification,
  LayerSpecification,
  StyleSpecification,
} from 'maplibre-gl';
import type { StationSummary } from '#twin/wire/api.ts';
import type { Language, MapLayer } from '../state/view.ts';
import type { ThemeTokens } from '../theme/tokens.ts';
import type { Coast } from './coast.ts';

export interface StyleChoice {
  theme: ThemeTokens;
  dark: boolean;
  language: Language;
  coast: Coast;
  stations: readonly StationSummary[];
  layers: Record<MapLayer, boolean>;
  tileSource: string | null;
  origin: string;
  scale: number;
  selectedMain: string;
  /** ids of mains that may have burst */
  suspected: readonly string[];
}

export const LABEL_FONT = ['Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei'];

type NumberStops = [zoom: number, value: number][];

/** The whole base map: sea with shoals, land, mains by diameter, station names. No request leaves the machine. */
export function mapStyle(choice: StyleChoice): StyleSpecification {
  const { coast, stations, tileSource, origin, language } = choice;
  return {
    version: 8,
    sources: {
      land: { type: 'geojson', data: coast.land, tolerance: 0.2 },
      coast: { type: 'geojson', data: coast.coast, tolerance: 0.2 },
      beyond: { type: 'geojson', data: beyondOf(coast) },
      mains: { type: 'vector', tiles: [`${origin}/tiles/mains/{z}/{x}/{y}.pbf`], minzoom: 8, maxzoom: 14 },
      names: { type: 'geojson', data: namesOf(stations, language) },
      ...(tileSource === null
        ? {}
        : { tiles: { type: 'raster' as const, tiles: [tileSource], tileSize: 256 } }),
    },
    layers: [
      ...baseLayers(choice),
      ...(choice.layers.mains ? mainLayers(choice) : []),
      ...(choice.layers.labels && choice.layers.stations ? nameLayers(choice) : []),
    ],
  };
}

function baseLayers({ theme, tileSource }: StyleChoice): LayerSpecification[] {
  // opaque, because overlapping joints of a translucent line show as ribs
  const shoal = (id: string, colour: string, width: NumberStops): LayerSpecification => ({
    id,
    type: 'line',
    source: 'coast',
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-color': colour, 'line-width': byZoom(width) },
  });
  return [
    { id: 'sea', type: 'background', paint: { 'background-color': theme.water } },
    shoal('shoal-far', theme.shoalFar, [
      [9, 14],
      [12, 60],
      [16, 300],
    ]),
    shoal('shoal-near', theme.shoalNear, [
      [9, 6],
      [12, 24],
      [16, 120],
    ]),
    { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': theme.land } },
    ...(tileSource === null
      ? []
      : [
          {
            id: 'tiles',
            type: 'raster' as const,
            source: 'tiles',
            paint: { 'raster-opacity': 0.55, 'raster-saturation': -0.7 },
          },
        ]),
    {
      id: 'coast',
      type: 'line',
      source: 'coast',
      paint: {
        'line-color': theme.coast,
        'line-width': byZoom([
          [9, 0.6],
          [14, 1.4],
        ]),
      },
    },
    { id: 'beyond', type: 'fill', source: 'beyond', paint: { 'fill-color': theme.water } },
    {
      id: 'beyond-edge',
      type: 'line',
      source: 'beyond',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': theme.water, 'line-width': 150, 'line-blur': 75 },
    },
  ];
}

function mainLayers({ theme, dark, scale, selectedMain, suspected }: StyleChoice): LayerSpecification[] {
  const colour: DataDrivenPropertyValueSpecification<string> = [
    'interpolate',
    ['linear'],
    ['get', 'dn'],
    100,
    theme.mainSmall,
    1000,
    theme.mainLarge,
  ];
  return [
    {
      id: 'mains-glow',
      type: 'line',
      source: 'mains',
      'source-layer': 'mains',
      filter: ['>=', ['get', 'dn'], 500],
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: {
        'line-color': theme.mainGlow,
        'line-width': diameterWidth(4.2 * scale),
        'line-blur': byZoom([
          [9, 2.5],
          [14, 8],
        ]),
        'line-opacity': dark ? 0.42 : 0.3,
      },
    },
    {
      id: 'mains',
      type: 'line',
      source: 'mains',
      'source-layer': 'mains',
      // small pipes appear as one comes near: calm from afar, and cheap to draw
      filter: ['>=', ['get', 'dn'], ['step', ['zoom'], 250, 11, 180, 12, 0]],
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: {
        'line-color': colour,
        'line-width': diameterWidth(scale),
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 9, 0.75, 13, 0.95],
      },
    },
    {
      id: 'mains-suspected',
      type: 'line',
      source: 'mains',
      'source-layer': 'mains',
      filter: ['in', ['get', 'id'], ['literal', [...suspected]]],
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': theme.priority1, 'line-width': 5 * scale },
    },
    {
      id: 'main-selected',
      type: 'line',
      source: 'mains',
      'source-layer': 'mains',
      filter: ['==', ['get', 'id'], selectedMain],
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': theme.accent, 'line-width': 4 * scale },
    },
  ];
}

function nameLayers({ theme, scale }: StyleChoice): LayerSpecification[] {
  return [
    {
      id: 'station-names',
      type: 'symbol',
      source: 'names',
      minzoom: 13.5,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': LABEL_FONT,
        'text-size': 11.5 * scale,
        'text-offset': [0, 1.1],
        'text-anchor': 'top',
        'text-max-width': 30,
      },
      paint: { 'text-color': theme.textSoft, 'text-halo-color': theme.land, 'text-halo-width': 1.5 * scale },
    },
  ];
}

/** Width by diameter, growing with zoom: a DN 1000 is about four times as wide as a DN 150. */
function diameterWidth(factor: number): DataDrivenPropertyValueSpecification<number> {
  const at = (small: number, large: number): DataDrivenPropertyValueSpecification<number> =>
    ['interpolate', ['linear'], ['get', 'dn'], 100, small * factor, 1200, large * factor] as never;
  return [
    'interpolate',
    ['exponential', 1.5],
    ['zoom'],
    9,
    at(0.25, 1.5),
    12,
    at(0.7, 3.4),
    16,
    at(2.4, 9),
  ] as never;
}

function byZoom(stops: NumberStops): DataDrivenPropertyValueSpecification<number> {
  return ['interpolate', ['exponential', 1.6], ['zoom'], ...stops.flat()] as never;
}

/** All of the earth but the data's box. */
function beyondOf({ box }: Coast): GeoJSON.FeatureCollection {
  const earth = [
    [-180, -85],
    [180, -85],
    [180, 85],
    [-180, 85],
    [-180, -85],
  ];
  const features: GeoJSON.Feature[] =
    box.length === 0
      ? []
      : [{ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [earth, box] } }];
  return { type: 'FeatureCollection', features };
}

function namesOf(stations: readonly StationSummary[], language: Language): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: stations.map(({ code, name, lon, lat }) => ({
      type: 'Feature',
      properties: { code, name: name[language] },
      geometry: { type: 'Point', coordinates: [lon, lat] },
    })),
  };
}
