import { useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { City, StationSummary } from '#twin/wire/api.ts';
import { useAlarmMarks } from '../alarms/marks.ts';
import { useWords } from '../i18n/i18n.ts';
import { matches } from '../overview/select.ts';
import { useOverview } from '../overview/useOverview.ts';
import { useCamera } from '../state/camera.ts';
import { usePointed } from '../state/pointed.ts';
import { useScale } from '../state/scale.ts';
import { useView } from '../state/view.ts';
import { THEMES } from '../theme/tokens.ts';
import { coastOf, type Land } from './coast.ts';
import { MapEngine, type Padding } from './engine.ts';
import { iconAtlas } from './icons.ts';
import { MainCard } from './MainCard.tsx';
import { PlaceLabels } from './PlaceLabels.tsx';
import { StationTooltip } from './StationTooltip.tsx';
import { stationLayers } from './stationLayers.ts';
import { useMapStyle } from './useMapStyle.ts';
import './map.css';

interface Props {
  city: City;
  land: Land;
  stations: readonly StationSummary[];
  /** row of the station in the right panel, −1 for none */
  selected: number;
  padding: Padding;
}

/** The city: base map, mains and every station, coloured as the viewer chose, now or at a past minute. */
export default function MapView({ city, land, stations, selected, padding }: Props) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const [engine, setEngine] = useState<MapEngine | null>(null);
  const [failed, setFailed] = useState(false);
  const coast = useMemo(() => coastOf(land), [land]);
  const style = useMapStyle(coast, stations);
  const first = useRef({ style, padding });
  const navigate = useNavigate();
  const [zoom, setZoom] = useState(10);

  const { sheet, linked } = useOverview(250);
  const { theme, colouring, layers, district, stateFilter } = useView();
  const alarmAt = useAlarmMarks(stations);
  const hovered = usePointed((pointed) => pointed.row);
  const scale = useScale();
  const atlas = useMemo(iconAtlas, []);
  const includes = useMemo(
    () => matches(stations, sheet, linked, { district, state: stateFilter, text: '' }),
    [stations, sheet, linked, district, stateFilter],
  );
  const current = useRef({ stations, includes, navigate });
  current.current = { stations, includes, navigate };

  useEffect(() => {
    let made: MapEngine;
    try {
      made = new MapEngine(box.current!, first.current.style, city.bounds, first.current.padding, {
        moved: (next) => setZoom(Math.round(next * 4) / 4),
        hovered(x, y) {
          const { stations: places, includes: shown } = current.current;
          const row = made.nearestPlace(places, shown, x, y);
          const place = places[row];
          const at = place ? made.screenOf(place.lon, place.lat) : { x, y };
          usePointed.getState().point(row, at.x, at.y);
          box.current?.classList.toggle('map-pointing', row >= 0);
        },
        left: () => usePointed.getState().point(-1, 0, 0),
        clicked(x, y) {
          const { stations: places, includes: shown, navigate: open } = current.current;
          const station = places[made.nearestPlace(places, shown, x, y)];
          if (station) open(`/stations/${encodeURIComponent(station.code)}`);
          usePointed.getState().choose(station ? '' : made.mainAt(x, y));
        },
        drawn: () => box.current?.setAttribute('data-drawn', 'yes'),
      });
    } catch {
      setFailed(true);
      return;
    }
    setEngine(made);
    return () => made.remove();
  }, [city.bounds]);

  useEffect(() => {
    if (engine && style !== first.current.style) engine.setStyle(style);
  }, [engine, style]);
  useEffect(() => engine?.setPadding(padding), [engine, padding]);
  useEffect(() => {
    const { wish } = useCamera.getState();
    // asked for on another page, before there was a map
    if (engine && wish?.goal.kind === 'box') engine.go(wish);
    return useCamera.subscribe(({ wish: next }) => next && engine?.go(next));
  }, [engine]);

  const station = stations[selected];
  useEffect(() => {
    if (station) engine?.show(station.lon, station.lat, 14);
  }, [engine, station]);

  // the sheet is changed in place: the picture is drawn anew with every rendering
  useEffect(() => {
    if (!engine) return;
    if (!sheet || !layers.stations) return engine.setStations([]);
    engine.setStations(
      stationLayers({
        stations,
        sheet,
        linked,
        colouring,
        theme: THEMES[theme],
        atlas,
        includes,
        alarmAt,
        selected,
        hovered,
        columns: layers.columns,
        zoom,
        scale,
      }),
    );
  });

  if (failed) return <p className="map-failed">{t('error.webgl')}</p>;
  return (
    <>
      <div ref={box} className="map" role="application" aria-label={t('nav.map')} />
      {engine && <PlaceLabels city={city} engine={engine} />}
      <StationTooltip stations={stations} sheet={sheet} linked={linked} />
      <MainCard city={city} />
      <p className="map-attribution">{city.attribution}</p>
    </>
  );
}
