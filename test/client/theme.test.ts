import { describe, expect, it } from 'vitest';
import { atScale, contrast, rgb } from '#client/theme/colour.ts';
import { MAGNITUDE_SCALE, THEMES, type ThemeName } from '#client/theme/tokens.ts';

const NAMES: ThemeName[] = ['dark', 'light'];
const GROUNDS = ['panel', 'raised'] as const;
const TEXTS = [
  'text',
  'textSoft',
  'textFaint',
  'priority1',
  'priority2',
  'priority3',
  'priority4',
  'accent',
] as const;
const MARKS = ['live', 'stale', 'mark1', 'mark2', 'accent', 'works'] as const;

describe.each(NAMES)('the %s theme', (name) => {
  const theme = THEMES[name];

  it.each(TEXTS)('%s is readable on panels (WCAG AA, 4.5 : 1)', (text) => {
    for (const ground of GROUNDS) expect(contrast(theme[text], theme[ground])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(MARKS)('%s stands out from land and water (WCAG non-text, 3 : 1)', (mark) => {
    for (const ground of ['land', 'water'] as const)
      expect(contrast(theme[mark], theme[ground])).toBeGreaterThanOrEqual(3);
  });

  it('writes readably on its accent and on the word about the past', () => {
    expect(contrast(theme.accentInk, theme.accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme.pastInk, theme.pastEdge)).toBeGreaterThanOrEqual(4.5);
  });
});

describe('colour scales', () => {
  it('begin and end with their own colours and stay there beyond', () => {
    const scale = MAGNITUDE_SCALE.map(rgb);
    expect(atScale(scale, 0)).toEqual(scale[0]);
    expect(atScale(scale, 1)).toEqual(scale.at(-1));
    expect(atScale(scale, 7)).toEqual(scale.at(-1));
    expect(atScale(scale, -7)).toEqual(scale[0]);
  });

  it('grow lighter from low to high', () => {
    const lightness = MAGNITUDE_SCALE.map((colour) => contrast(colour, '#000000'));
    expect(lightness).toEqual([...lightness].sort((a, b) => a - b));
  });

  it('know black from white', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  });
});
