import type { WindowMemory } from '#twin/rules/window.ts';
import { makeSites } from './engine.ts';
import type { AlarmEngine } from './standing.ts';

/** What the moving windows over the stations of a template know, by the key of what they say. */
export interface TemplateWindows {
  template: string;
  codes: string[];
  windows: ReadonlyMap<string, WindowMemory>;
}

/** What all moving windows of an engine know, as plain data. */
export const windowsOf = ({ workshops }: AlarmEngine): TemplateWindows[] =>
  [...workshops].map(([{ template, codes }, { windows }]) => ({
    template: template.id,
    codes: [...codes],
    windows: new Map([...windows].map(([key, { window }]) => [key, window.memory(codes.length)])),
  }));

/**
 * Takes over what windows of another engine knew of stations until this one began to look at them; what no rule asks
 * for here is passed over. Windows are unknown without it until they are full.
 */
export function recallWindows(engine: AlarmEngine, known: readonly TemplateWindows[]): void {
  for (const { template, codes, windows } of known) {
    const columns = engine.state.byTemplate.get(template);
    if (!columns) continue;
    if (!engine.workshops.has(columns)) makeSites(engine, columns);
    const rows = codes.map((code) => {
      const place = engine.state.places.get(code);
      return place?.columns === columns ? place.row : -1;
    });
    for (const [key, memory] of windows)
      engine.workshops.get(columns)!.windows.get(key)?.recall(memory, rows, columns.capacity);
  }
}
