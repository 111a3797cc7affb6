import type {
  DataDrivenPropertyValueSpecification,
  LayerSpecification,
  StyleSpecification,
} from 'maplibre-gl';
import type { City, StationSummary } from '#twin/wire/api.ts';
import type { Language, MapLayer } from '../state/view.ts';
import type { ThemeTokens } from '../theme/tokens.ts';

export interface StyleChoice {
  theme: ThemeTokens;
  dark: boolean;
  language: Language;
  city: City;
  stations: readonly StationSummary[];
  layers: Record<MapLayer, boolean>;
  tileSource: string | null;
  origin: string;
  scale: number;
  selectedMain: string;
}

export const LABEL_FONT = ['Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei'];

type NumberStops = [zoom: number, value: number][];

/** The whole base map: sea with shoals, land, mains by diameter, works and names. No request leaves the machine. */
export function mapStyle(choice: StyleChoice): StyleSpecification {
  const { city, stations, tileSource, origin, language } = choice;
  return {
    version: 8,
    sources: {
      land: {
        type: 'geojson',
        data: `${origin}/api/land.geojson`,
        tolerance: 0.2,
        attribution: city.attribution,
      },
      mains: { type: 'vector', tiles: [`${origin}/tiles/mains/{z}/{x}/{y}.pbf`], minzoom: 8, maxzoom: 14 },
      works: { type: 'geojson', data: worksOf(city, language) },
      districts: { type: 'geojson', data: districtsOf(city, language) },
      names: { type: 'geojson', data: namesOf(stations, language) },
      ...(tileSource === null
        ? {}
        : { tiles: { type: 'raster' as const, tiles: [tileSource], tileSize: 256 } }),
    },
    layers: [
      ...baseLayers(choice),
      ...(choice.layers.mains ? mainLayers(choice) : []),
      ...(choice.layers.labels ? districtLayers(choice) : []),
      ...(choice.layers.works ? worksLayers(choice) : []),
      ...(choice.layers.labels && choice.layers.stations ? nameLayers(choice) : []),
    ],
  };
}

function baseLayers({ theme, dark, tileSource }: StyleChoice): LayerSpecification[] {
  const shoal = (id: string, width: NumberStops, opacity: number): LayerSpecification => ({
    id,
    type: 'line',
    source: 'land',
    layout: { 'line-join': 'round' },
    paint: { 'line-color': theme.shoal, 'line-width': byZoom(width), 'line-opacity': opacity },
  });
  return [
    { id: 'sea', type: 'background', paint: { 'background-color': theme.water } },
    shoal(
      'shoal-far',
      [
        [9, 14],
        [12, 64],
        [16, 400],
      ],
      dark ? 0.28 : 0.5,
    ),
    shoal(
      'shoal-near',
      [
        [9, 6],
        [12, 26],
        [16, 160],
      ],
      dark ? 0.5 : 0.8,
    ),
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
      source: 'land',
      paint: {
        'line-color': theme.coast,
        'line-width': byZoom([
          [9, 0.6],
          [14, 1.4],
        ]),
      },
    },
  ];
}

function mainLayers({ theme, dark, scale, selectedMain }: StyleChoice): LayerSpecification[] {
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

function districtLayers({ theme, scale }: StyleChoice): LayerSpecification[] {
  return [
    {
      id: 'district-names',
      type: 'symbol',
      source: 'districts',
      maxzoom: 13.5,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': LABEL_FONT,
        'text-size': ['interpolate', ['linear'], ['zoom'], 9, 11 * scale, 13, 17 * scale],
        'text-letter-spacing': 0.18,
      },
      paint: {
        'text-color': theme.textSoft,
        'text-halo-color': theme.land,
        'text-halo-width': 1.6 * scale,
        'text-opacity': ['interpolate', ['linear'], ['zoom'], 12, 0.9, 13.5, 0],
      },
    },
  ];
}

function worksLayers({ theme, scale }: StyleChoice): LayerSpecification[] {
  return [
    {
      id: 'works',
      type: 'circle',
      source: 'works',
      paint: {
        'circle-radius': byZoom([
          [9, 4 * scale],
          [13, 8 * scale],
        ]),
        'circle-color': theme.land,
        'circle-stroke-color': theme.works,
        'circle-stroke-width': 2.2 * scale,
      },
    },
    {
      id: 'works-core',
      type: 'circle',
      source: 'works',
      paint: {
        'circle-radius': byZoom([
          [9, 1.6 * scale],
          [13, 3.2 * scale],
        ]),
        'circle-color': theme.works,
      },
    },
    {
      id: 'works-names',
      type: 'symbol',
      source: 'works',
      minzoom: 9.6,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': LABEL_FONT,
        'text-size': byZoom([
          [9, 10 * scale],
          [14, 13 * scale],
        ]),
        'text-offset': [0, 1],
        'text-anchor': 'top',
        'text-max-width': 12,
      },
      paint: { 'text-color': theme.works, 'text-halo-color': theme.land, 'text-halo-width': 1.4 * scale },
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

function worksOf(city: City, language: Language): GeoJSON.FeatureCollection {
  return pointsOf(city.works.map((works) => ({ ...works, name: works.name[language] })));
}

function districtsOf(city: City, language: Language): GeoJSON.FeatureCollection {
  return pointsOf(
    city.districts.map((district) => ({ ...district, id: district.code, name: district.name[language] })),
  );
}

function namesOf(stations: readonly StationSummary[], language: Language): GeoJSON.FeatureCollection {
  return pointsOf(stations.map(({ code, name, lon, lat }) => ({ id: code, name: name[language], lon, lat })));
}

function pointsOf(
  places: { id: string; name: string; lon: number; lat: number }[],
): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: places.map(({ id, name, lon, lat }) => ({
      type: 'Feature',
      properties: { id, name },
      geometry: { type: 'Point', coordinates: [lon, lat] },
    })),
  };
}
