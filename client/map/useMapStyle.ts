import { useQuery } from '@tanstack/react-query';
import type { StyleSpecification } from 'maplibre-gl';
import { useMemo } from 'react';
import type { StationSummary } from '#twin/wire/api.ts';
import { clientConfigQuery } from '../api/queries.ts';
import { usePointed } from '../state/pointed.ts';
import { useScale } from '../state/scale.ts';
import { useView } from '../state/view.ts';
import { THEMES } from '../theme/tokens.ts';
import type { Coast } from './coast.ts';
import { mapStyle } from './style.ts';

/** The base map's style as the viewer's choices make it. */
export function useMapStyle(coast: Coast, stations: readonly StationSummary[]): StyleSpecification {
  const theme = useView((view) => view.theme);
  const language = useView((view) => view.language);
  const layers = useView((view) => view.layers);
  const selectedMain = usePointed((pointed) => pointed.main);
  const suspected = usePointed((pointed) => pointed.suspected);
  const tileSource = useQuery(clientConfigQuery).data?.tileSource ?? null;
  const scale = useScale();
  return useMemo(
    () =>
      mapStyle({
        theme: THEMES[theme],
        dark: theme === 'dark',
        language,
        coast,
        stations,
        layers,
        tileSource,
        origin: window.location.origin,
        scale,
        selectedMain,
        suspected,
      }),
    [theme, language, coast, stations, layers, tileSource, scale, selectedMain, suspected],
  );
}
