/**
 * Every colour and measure of the client; nothing else names a colour. Colour carries meaning: normal is neutral
 * with a hint of water, priorities 1–4 are red, orange, yellow and blue and always come with a shape.
 * Text tokens reach WCAG AA (4.5 : 1) on `panel` and `raised`; test/client/theme holds them to it.
 */
export type ThemeName = 'dark' | 'light';

export interface ThemeTokens {
  water: string;
  shoalFar: string;
  shoalNear: string;
  land: string;
  coast: string;
  page: string;
  panel: string;
  panelGlass: string;
  raised: string;
  hover: string;
  line: string;
  lineStrong: string;
  text: string;
  textSoft: string;
  textFaint: string;
  accent: string;
  accentInk: string;
  accentSoft: string;
  mainSmall: string;
  mainLarge: string;
  mainGlow: string;
  works: string;
  live: string;
  dotEdge: string;
  stale: string;
  priority1: string;
  priority2: string;
  priority3: string;
  priority4: string;
  /** priorities as marks on the map, where a shape and an edge help the colour */
  mark1: string;
  mark2: string;
  mark3: string;
  mark4: string;
  simulated: string;
  pastEdge: string;
  pastInk: string;
  pipe: string;
  pipeWater: string;
  vessel: string;
  series: readonly string[];
  divergingLow: string;
  divergingMid: string;
  divergingHigh: string;
  shadow: string;
}

const dark: ThemeTokens = {
  water: '#0a1319',
  shoalFar: '#0c1a21',
  shoalNear: '#0f232b',
  land: '#141f26',
  coast: '#2b424e',
  page: '#0a1319',
  panel: '#101a21',
  panelGlass: 'rgba(16, 26, 33, 0.97)',
  raised: '#17232b',
  hover: '#1d2c35',
  line: '#213039',
  lineStrong: '#34474f',
  text: '#e8eff2',
  textSoft: '#a9bac3',
  textFaint: '#8599a4',
  accent: '#53c2cf',
  accentInk: '#06181c',
  accentSoft: 'rgba(83, 194, 207, 0.16)',
  mainSmall: '#27566a',
  mainLarge: '#6fd6e4',
  mainGlow: '#1f8ba3',
  works: '#cfeef3',
  live: '#9cc9cc',
  dotEdge: '#0a1319',
  stale: '#8599a4',
  priority1: '#ff6b63',
  priority2: '#ffa24a',
  priority3: '#f2d24b',
  priority4: '#6cb1ff',
  mark1: '#ff6b63',
  mark2: '#ffa24a',
  mark3: '#f2d24b',
  mark4: '#6cb1ff',
  simulated: '#b18cff',
  pastEdge: '#e8eff2',
  pastInk: '#101a21',
  pipe: '#33464f',
  pipeWater: '#53c2cf',
  vessel: '#1b2a33',
  series: ['#53c2cf', '#8fb4ff', '#d3a6f0', '#e7b48a', '#9fd48b', '#c6ced3'],
  divergingLow: '#3f8fe0',
  divergingMid: '#e9edef',
  divergingHigh: '#e5604d',
  shadow: '0 8px 28px rgba(0, 0, 0, 0.38)',
};

const light: ThemeTokens = {
  water: '#dbe7ec',
  shoalFar: '#e2ecf0',
  shoalNear: '#eaf2f5',
  land: '#f7f8f6',
  coast: '#b4c7cf',
  page: '#eef2f3',
  panel: '#ffffff',
  panelGlass: 'rgba(255, 255, 255, 0.97)',
  raised: '#f3f6f7',
  hover: '#e9eff1',
  line: '#dde5e8',
  lineStrong: '#b9c7cd',
  text: '#14232b',
  textSoft: '#45585f',
  textFaint: '#5c6f77',
  accent: '#0f7583',
  accentInk: '#ffffff',
  accentSoft: 'rgba(15, 117, 131, 0.1)',
  mainSmall: '#a7cad3',
  mainLarge: '#23849a',
  mainGlow: '#8ccbd8',
  works: '#0d5563',
  live: '#478b92',
  dotEdge: '#5c6f77',
  stale: '#66787f',
  priority1: '#c3271f',
  priority2: '#ad4f00',
  priority3: '#7d6100',
  priority4: '#1b5fc0',
  mark1: '#d92d20',
  mark2: '#cc5f00',
  mark3: '#c79a00',
  mark4: '#2f74d8',
  simulated: '#6b3fd4',
  pastEdge: '#14232b',
  pastInk: '#ffffff',
  pipe: '#c6d3d8',
  pipeWater: '#1b8a9a',
  vessel: '#edf2f4',
  series: ['#0f7583', '#3a62c4', '#8d4bb5', '#a65a1c', '#3f7f2c', '#55666d'],
  divergingLow: '#1f6fc4',
  divergingMid: '#ffffff',
  divergingHigh: '#c9402f',
  shadow: '0 6px 24px rgba(22, 44, 54, 0.13)',
};

export const THEMES: Record<ThemeName, ThemeTokens> = { dark, light };

/** Nine steps of viridis (van der Walt and Smith, 2015; CC0): even in lightness, safe for colour blindness. */
export const MAGNITUDE_SCALE = [
  '#440154',
  '#472d7b',
  '#3b528b',
  '#2c728e',
  '#21918c',
  '#28ae80',
  '#5ec962',
  '#addc30',
  '#fde725',
] as const;

export const FONT_FAMILY =
  'Inter, "SF Pro Text", "Segoe UI", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
export const FONT_FAMILY_NUMERIC =
  '"JetBrains Mono", "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace';
