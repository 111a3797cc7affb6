import { FONT_FAMILY, FONT_FAMILY_NUMERIC, THEMES, type ThemeName } from './tokens.ts';

/** Makes the tokens CSS variables (`panelGlass` → `--panel-glass`) of the document's root. */
export function applyTheme(root: HTMLElement, name: ThemeName, scale: number): void {
  for (const [token, value] of Object.entries(THEMES[name])) {
    if (typeof value === 'string') root.style.setProperty(variable(token), value);
  }
  root.style.setProperty('--font', FONT_FAMILY);
  root.style.setProperty('--font-numeric', FONT_FAMILY_NUMERIC);
  root.style.fontSize = `${16 * scale}px`;
  root.dataset.theme = name;
}

const variable = (token: string): string => `--${token.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
