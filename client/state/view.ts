import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { ThemeName } from '../theme/tokens.ts';

export type Language = 'zh' | 'en';
export type Colouring = 'state' | 'pressureError' | 'inletPressure' | 'level' | 'outflow' | 'power';
export const COLOURINGS: readonly Colouring[] = [
  'state',
  'pressureError',
  'inletPressure',
  'level',
  'outflow',
  'power',
];
export const MAP_LAYERS = ['mains', 'works', 'stations', 'labels', 'columns'] as const;
export type MapLayer = (typeof MAP_LAYERS)[number];
export type StateFilter = 'all' | 'live' | 'stale' | 'offline' | 'never' | 'attention';

/** What the viewer has chosen; kept in the browser between visits. */
export interface View {
  theme: ThemeName;
  language: Language;
  colouring: Colouring;
  layers: Record<MapLayer, boolean>;
  /** district code, or '' for the whole city */
  district: string;
  stateFilter: StateFilter;
  leftOpen: boolean;
  leftWidth: number;
  rightWidth: number;
  set(change: Partial<Omit<View, 'set' | 'toggleLayer'>>): void;
  toggleLayer(layer: MapLayer): void;
}

export const PANEL_WIDTH = { min: 260, max: 720 } as const;

export const useView = create<View>()(
  persist(
    (set) => ({
      theme: 'dark',
      language: 'zh',
      colouring: 'state',
      layers: { mains: true, works: true, stations: true, labels: true, columns: false },
      district: '',
      stateFilter: 'all',
      leftOpen: globalThis.innerWidth === undefined || globalThis.innerWidth > 700,
      leftWidth: 300,
      rightWidth: 440,
      set: (change) => set(change),
      toggleLayer: (layer) => set((view) => ({ layers: { ...view.layers, [layer]: !view.layers[layer] } })),
    }),
    {
      name: 'shuijing-view',
      version: 1,
      partialize: ({ theme, language, colouring, layers, leftOpen, leftWidth, rightWidth }) => ({
        theme,
        language,
        colouring,
        layers,
        leftOpen,
        leftWidth,
        rightWidth,
      }),
    },
  ),
);
