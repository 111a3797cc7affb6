import { useEffect, useRef } from 'react';
import type { City } from '#twin/wire/api.ts';
import { useWords } from '../i18n/i18n.ts';
import { useView } from '../state/view.ts';
import type { MapEngine } from './engine.ts';

interface Props {
  city: City;
  engine: MapEngine;
}

/** Districts fade out between these zooms: from near, the streets speak for themselves. */
const FADE = { from: 12.5, to: 13.5 };

/** Names of works and districts, above the stations: a few elements moved with the map, without a rendering. */
export function PlaceLabels({ city, engine }: Props) {
  const { local } = useWords();
  const layers = useView((view) => view.layers);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = () => {
      const zoom = engine.map.getZoom();
      const fade = Math.min(1, Math.max(0, (FADE.to - zoom) / (FADE.to - FADE.from)));
      box.current?.style.setProperty('--district-opacity', String(fade));
      for (const label of (box.current?.children ?? []) as Iterable<HTMLElement>) {
        const { x, y } = engine.screenOf(Number(label.dataset.lon), Number(label.dataset.lat));
        label.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
      }
    };
    place();
    engine.map.on('move', place);
    engine.map.on('resize', place);
    return () => {
      engine.map.off('move', place);
      engine.map.off('resize', place);
    };
  });
  return (
    <div ref={box} className="place-labels" aria-hidden="true">
      {layers.labels &&
        city.districts.map((district) => (
          <span
            key={district.code}
            className="district-label"
            data-lon={district.lon}
            data-lat={district.lat}
          >
            <b>{local(district.name)}</b>
          </span>
        ))}
      {layers.works &&
        city.works.map((works) => (
          <span key={works.id} className="works-label" data-lon={works.lon} data-lat={works.lat}>
            <i />
            {layers.labels && <b>{local(works.name)}</b>}
          </span>
        ))}
    </div>
  );
}
