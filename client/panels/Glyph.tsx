/** Our line icons, 16 × 16, drawn with the text's colour. */
const PATHS = {
  close: 'M4 4l8 8M12 4l-8 8',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM11 11l3.5 3.5',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13.5 10A6 6 0 0 1 6 2.5 6 6 0 1 0 13.5 10z',
  layers: 'M8 2l6 3.2L8 8.4 2 5.2zM2.5 8.2L8 11.1l5.5-2.9M2.5 11L8 13.9l5.5-2.9',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  home: 'M3 3h3.5M3 3v3.5M13 3H9.5M13 3v3.5M3 13h3.5M3 13V9.5M13 13H9.5M13 13V9.5',
  tilt: 'M2 11l3-6h6l3 6zM8 5v6',
  expand: 'M9.5 2.5h4v4M13.5 2.5L9 7M6.5 13.5h-4v-4M2.5 13.5L7 9',
  back: 'M10 3L5 8l5 5',
  pulse: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  inbox: 'M2.5 9l2-6h7l2 6v4h-11zM2.5 9h3.2l1 1.6h2.6l1-1.6h3.2',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6',
  map: 'M2 4l4-1.6 4 1.6 4-1.6v9.6L10 13.6 6 12l-4 1.6zM6 2.4V12M10 4v9.6',
  pin: 'M8 14.2S3.5 10 3.5 6.6a4.5 4.5 0 0 1 9 0C12.5 10 8 14.2 8 14.2zM8 8.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z',
  droplet: 'M8 2C5.5 5.2 4 7.4 4 9.6a4 4 0 0 0 8 0C12 7.4 10.5 5.2 8 2z',
  bell: 'M4 11V7a4 4 0 0 1 8 0v4l1 1.5H3zM6.8 13.8a1.3 1.3 0 0 0 2.4 0',
  silent: 'M4 11V7a4 4 0 0 1 8 0v4l1 1.5H3zM6.8 13.8a1.3 1.3 0 0 0 2.4 0M2 2l12 12',
  warning: 'M8 2.5l6 11H2zM8 6.5v3.4M8 11.6v.2',
} as const;

export type GlyphName = keyof typeof PATHS;

export function Glyph({ name }: { name: GlyphName }) {
  return (
    <svg className="glyph" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
