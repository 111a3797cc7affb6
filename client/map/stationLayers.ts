import type { Layer } from '@deck.gl/core';
import { ColumnLayer, IconLayer, ScatterplotLayer } from '@deck.gl/layers';
import type { StationSummary } from '#twin/wire/api.ts';
import type { Sheet } from '#twin/wire/sheet.ts';
import { cell, type Priority } from '../overview/condition.ts';
import type { Colouring } from '../state/view.ts';
import { type Rgb, rgb } from '../theme/colour.ts';
import type { ThemeTokens } from '../theme/tokens.ts';
import { type Appearance, appearances } from './appearance.ts';
import type { IconAtlas } from './icons.ts';

export interface StationScene {
  stations: readonly StationSummary[];
  sheet: Sheet;
  linked: boolean;
  colouring: Colouring;
  theme: ThemeTokens;
  atlas: IconAtlas;
  includes(row: number): boolean;
  /** most urgent alarm of a row, 0 for none */
  alarmAt(row: number): Priority;
  selected: number;
  hovered: number;
  columns: boolean;
  zoom: number;
  scale: number;
}

interface Mark extends Appearance {
  position: [number, number];
  row: number;
}

/** Metres on the ground that a plain dot measures; pixels bound it, so the city is never buried nor empty. */
const DOT_METRES = 130;
/** Pixels across, before scaling; from afar smaller, so that a dense island stays readable. */
const smallest = (zoom: number): number => Math.min(7, Math.max(4.5, 4.5 + (zoom - 9) * 1.25));
const LARGEST = 24;
/** Radius of a dot against the side of its picture (icons.ts). */
const DISC_SHARE = 22 / 64;

/** The stations as deck layers, urgent ones above. 2,100 rows are a few milliseconds of plain loops. */
export function stationLayers(scene: StationScene): Layer[] {
  const marks = marksOf(scene);
  const { theme, scale, zoom, selected, hovered } = scene;
  const layers: Layer[] = [];
  if (scene.columns) layers.push(columnLayer(scene, marks));
  layers.push(
    new ScatterplotLayer<Mark>({
      id: 'station-edges',
      data: marks.filter(isDisc),
      getPosition: (mark) => mark.position,
      getRadius: (mark) => DISC_SHARE * DOT_METRES * mark.size,
      radiusMinPixels: DISC_SHARE * smallest(zoom) * scale,
      radiusMaxPixels: DISC_SHARE * LARGEST * scale,
      stroked: true,
      filled: false,
      lineWidthUnits: 'pixels',
      getLineWidth: 1.5 * scale,
      getLineColor: [...rgb(theme.dotEdge), 200],
      updateTriggers: { getLineColor: [theme] },
    }),
    new IconLayer<Mark>({
      id: 'station-marks',
      data: marks,
      iconAtlas: scene.atlas.image as unknown as string,
      iconMapping: scene.atlas.mapping,
      getIcon: (mark) => mark.icon,
      getPosition: (mark) => mark.position,
      getColor: (mark) => mark.colour,
      getSize: (mark) => DOT_METRES * mark.size,
      sizeUnits: 'meters',
      sizeMinPixels: smallest(zoom) * scale,
      sizeMaxPixels: LARGEST * scale,
      alphaCutoff: 0.02,
      textureParameters: { minFilter: 'linear', magFilter: 'linear', mipmapFilter: 'linear' },
    }),
  );
  const rings = [selected, hovered].filter((row) => scene.stations[row]);
  layers.push(
    new ScatterplotLayer<number>({
      id: 'station-rings',
      data: rings,
      getPosition: (row) => positionOf(scene.stations[row]!),
      getRadius: 14 * scale,
      radiusUnits: 'pixels',
      filled: false,
      stroked: true,
      lineWidthUnits: 'pixels',
      getLineWidth: (row) => (row === selected ? 2.5 : 1.5) * scale,
      getLineColor: (row) => (row === selected ? rgb(theme.accent) : rgb(theme.textSoft)),
      updateTriggers: { getLineWidth: [selected], getLineColor: [selected, theme] },
    }),
  );
  return layers;
}

function marksOf({ stations, sheet, linked, colouring, theme, includes, alarmAt }: StationScene): Mark[] {
  const look = appearances(colouring, theme);
  const marks: Mark[] = [];
  const rows = Math.min(sheet.rows, stations.length);
  for (let row = 0; row < rows; row++) {
    if (!includes(row)) continue;
    const station = stations[row]!;
    const { icon, colour, size, rank } = look(sheet, row, linked, alarmAt(row));
    const booster = station.kind === 'booster' ? 1.45 : 1;
    marks.push({ icon, colour, size: size * booster, rank, position: positionOf(station), row });
  }
  return marks.sort((a, b) => a.rank - b.rank);
}

function columnLayer({ sheet, zoom, scale }: StationScene, marks: Mark[]): Layer {
  // columns of fixed metres bury the city when close: one screen pixel is worth 2 ** -zoom of the earth
  const metresPerPixel = 40_075_016 / 512 / 2 ** zoom;
  return new ColumnLayer<Mark>({
    id: 'station-columns',
    data: marks.filter((mark) => cell(sheet, mark.row, 'outflow') > 0),
    diskResolution: 8,
    radius: metresPerPixel * 2.2 * scale,
    extruded: true,
    getPosition: (mark) => mark.position,
    getElevation: (mark) => Math.sqrt(cell(sheet, mark.row, 'outflow')) * metresPerPixel * 5 * scale,
    getFillColor: (mark) => [...mark.colour, 200] as [...Rgb, number],
    updateTriggers: { getElevation: [sheet, metresPerPixel] },
    material: { ambient: 0.6, diffuse: 0.5, shininess: 12 },
  });
}

const isDisc = ({ icon }: Mark): boolean => icon === 'dot' || icon === 'disc';

const positionOf = ({ lon, lat }: StationSummary): [number, number] => [lon, lat];
