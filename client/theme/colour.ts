/** Colour arithmetic on `#rrggbb` strings. */
export type Rgb = [red: number, green: number, blue: number];

/** Throws on anything but `#rrggbb`. */
export function rgb(hex: string): Rgb {
  const match = /^#([0-9a-f]{6})$/i.exec(hex);
  if (!match) throw new Error(`not a colour of the form #rrggbb: ${hex}`);
  const value = Number.parseInt(match[1]!, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** The colour at `position` (0…1, clamped) of an evenly spaced scale of at least two colours. */
export function atScale(scale: readonly Rgb[], position: number): Rgb {
  const last = scale.length - 1;
  const place = Math.min(1, Math.max(0, position)) * last;
  const lower = Math.min(Math.floor(place), last - 1);
  const share = place - lower;
  const from = scale[lower]!;
  const to = scale[lower + 1]!;
  return [mix(from[0], to[0], share), mix(from[1], to[1], share), mix(from[2], to[2], share)];
}

/** Contrast ratio of two colours, 1…21 (WCAG 2.2, "contrast ratio" and "relative luminance"). */
export function contrast(a: string, b: string): number {
  const [high, low] = [luminance(rgb(a)), luminance(rgb(b))].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const mix = (from: number, to: number, share: number): number => Math.round(from + (to - from) * share);

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
