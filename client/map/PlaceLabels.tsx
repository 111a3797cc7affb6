import { useEffect, useRef } from 'react';
import type { City } from '#twin/wire/api.ts';
import { useWords } from '../i18n/i18n.ts';
import { useView } from '../state/view.ts';
import type { MapEngine } from './engine.ts';
import { fitting } from './labelFit.ts';
import './labels.css';

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
    const sizes = [...(box.current?.children ?? [])].map(sizeOf);
    const place = () => {
      const zoom = engine.map.getZoom();
      const fade = Math.min(1, Math.max(0, (FADE.to - zoom) / (FADE.to - FADE.from)));
      box.current?.style.setProperty('--district-opacity', String(fade));
      const labels = [...(box.current?.children ?? [])] as HTMLElement[];
      const places = labels.map((label) =>
        engine.screenOf(Number(label.dataset.lon), Number(label.dataset.lat)),
      );
      const shown = fitting(places.map(({ x, y }, i) => ({ ...sizes[i]!, x, y: y + sizes[i]!.below })));
      labels.forEach((label, i) => {
        label.style.transform = `translate(${Math.round(places[i]!.x)}px, ${Math.round(places[i]!.y)}px)`;
        label.classList.toggle('is-crowded', !shown[i]);
      });
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
      {layers.works &&
        city.works.map((works) => (
          <span key={works.id} className="works-label" data-lon={works.lon} data-lat={works.lat}>
            <i />
            {layers.labels && <b>{local(works.name)}</b>}
          </span>
        ))}
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
    </div>
  );
}

/** Size of a label's text, and how far below its place the text's middle lies, pixels. */
function sizeOf(label: Element): { width: number; height: number; below: number } {
  const text = label.querySelector('b')?.getBoundingClientRect();
  if (!text) return { width: 0, height: 0, below: 0 };
  const place = label.getBoundingClientRect();
  return { width: text.width, height: text.height, below: text.top + text.height / 2 - place.top };
}
