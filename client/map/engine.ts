import { MapLibreOverlay } from '@deck.gl/maplibre';
import { Map as MapLibreMap, type StyleSpecification, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { Layer } from '@deck.gl/core';
import type { CameraWish } from '../state/camera.ts';
import { nearest } from './nearest.ts';

setWorkerUrl(workerUrl);

export type Bounds = [west: number, south: number, east: number, north: number];

/** Pixels of the page's edges that panels cover. */
export interface Padding {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface EngineEvents {
  moved(zoom: number): void;
  hovered(x: number, y: number): void;
  left(): void;
  clicked(x: number, y: number): void;
  /** the first whole picture is on screen */
  drawn(): void;
}

/** MapLibre for the city and deck.gl above it for the stations, behind a few verbs. */
export class MapEngine {
  readonly map: MapLibreMap;
  private readonly overlay: MapLibreOverlay;
  private readonly bounds: Bounds;
  private padding: Padding = { left: 0, right: 0, top: 0, bottom: 0 };

  /** Throws when the browser has no WebGL 2. */
  constructor(
    container: HTMLElement,
    style: StyleSpecification,
    bounds: Bounds,
    padding: Padding,
    events: EngineEvents,
  ) {
    this.bounds = bounds;
    this.padding = padding;
    this.map = new MapLibreMap({
      container,
      style,
      bounds,
      fitBoundsOptions: { padding },
      minZoom: 8,
      maxZoom: 19,
      maxPitch: 60,
      attributionControl: false,
      fadeDuration: 0,
      pixelRatio: Math.min(window.devicePixelRatio, 2),
      validateStyle: false,
      dragRotate: true,
    });
    this.overlay = new MapLibreOverlay({
      interleaved: false,
      layers: [],
      pickingRadius: 0,
      getCursor: () => '',
    });
    this.map.addControl(this.overlay);
    this.map.keyboard.enable();
    this.map.on('move', () => events.moved(this.map.getZoom()));
    this.map.on('mousemove', (event) => events.hovered(event.point.x, event.point.y));
    this.map.on('mouseout', () => events.left());
    this.map.on('click', (event) => events.clicked(event.point.x, event.point.y));
    this.map.once('load', () => events.drawn());
  }

  setStyle(style: StyleSpecification): void {
    this.map.setStyle(style, { diff: true, validate: false });
  }

  setStations(layers: Layer[]): void {
    this.overlay.setProps({ layers });
  }

  setPadding(padding: Padding): void {
    this.padding = padding;
  }

  /** Row of the nearest place to a point on screen, −1 for none. */
  nearestPlace(
    places: readonly { lon: number; lat: number }[],
    includes: (row: number) => boolean,
    x: number,
    y: number,
  ): number {
    const around = 0.02 * 2 ** (12 - this.map.getZoom());
    const centre = this.map.unproject([x, y]);
    return nearest(
      places.length,
      (row) => {
        const { lon, lat } = places[row]!;
        if (Math.abs(lon - centre.lng) > around || Math.abs(lat - centre.lat) > around || !includes(row))
          return null;
        return this.map.project([lon, lat]);
      },
      x,
      y,
      12,
    );
  }

  /** Id of a main within a few pixels, or ''. */
  mainAt(x: number, y: number): string {
    if (!this.map.getLayer('mains')) return '';
    const reach = 5;
    const found = this.map.queryRenderedFeatures(
      [
        [x - reach, y - reach],
        [x + reach, y + reach],
      ],
      { layers: ['mains'] },
    );
    const id: unknown = found[0]?.properties.id;
    return typeof id === 'string' || typeof id === 'number' ? String(id) : '';
  }

  go({ goal }: CameraWish): void {
    const calm = { duration: motionAllowed() ? 600 : 0 };
    if (goal.kind === 'city')
      this.map.fitBounds(this.bounds, { padding: this.padding, pitch: 0, bearing: 0, ...calm });
    else if (goal.kind === 'box')
      this.map.fitBounds(goal.bounds, { padding: this.padding, maxZoom: 15, ...calm });
    else if (goal.kind === 'zoom') this.map.zoomTo(this.map.getZoom() + goal.by, { duration: 200 });
    else if (goal.kind === 'tilt') this.map.easeTo({ pitch: this.map.getPitch() > 5 ? 0 : 50, ...calm });
    else this.show(goal.lon, goal.lat, goal.zoom);
  }

  /** Brings a place into the free part of the map; stays put when it is well in view at a useful zoom. */
  show(lon: number, lat: number, zoom: number): void {
    const { x, y } = this.map.project([lon, lat]);
    const { width, height } = this.map.getCanvas().getBoundingClientRect();
    const { left, right, top, bottom } = this.padding;
    const inView = x > left + 40 && x < width - right - 40 && y > top + 40 && y < height - bottom - 40;
    if (inView && this.map.getZoom() >= zoom - 2) return;
    this.map.easeTo({
      center: [lon, lat],
      zoom: Math.max(this.map.getZoom(), zoom),
      offset: [(left - right) / 2, (top - bottom) / 2],
      duration: motionAllowed() ? 700 : 0,
    });
  }

  screenOf(lon: number, lat: number): { x: number; y: number } {
    return this.map.project([lon, lat]);
  }

  remove(): void {
    this.map.remove();
  }
}

const motionAllowed = (): boolean => !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
