import type { Rule } from '#twin/rules/load.ts';
import { priorityOf } from './aging.ts';
import { type Alarm, type AlarmEvent, keyOf } from './alarm.ts';
import { type Cells, Phase } from './cells.ts';
import type { Chatter } from './chatter.ts';
import { createEngine, takeUp } from './engine.ts';
import { enlist, event, letGo, loosen } from './life.ts';
import { meetItems, platformIdentity } from './platformWatch.ts';
import type { Silencer } from './silencer.ts';
import { identityAt } from './site.ts';
import type { AlarmEngine } from './standing.ts';

/** Everything an engine must know to go on after a restart, as plain data. Quiet cells are left out. */
export interface SavedAlarms {
  version: 1;
  time: number | null;
  cells: { rule: string; station: string; spot: string; phase: number; since: number; raisedAt: number }[];
  alarms: Alarm[];
  chatter: [key: string, Chatter][];
  silencers: Silencer[];
}

export function saveAlarms(engine: AlarmEngine): SavedAlarms {
  const cells: SavedAlarms['cells'] = [];
  for (const sites of engine.sites.values()) {
    for (const site of sites) {
      const { cells: at } = site;
      at.phase.forEach((phase, row) => {
        if (phase === Phase.quiet) return;
        const [since, raisedAt] = [at.since[row]!, at.raisedAt[row]!];
        cells.push({ ...identityAt(site, row), phase, since, raisedAt });
      });
    }
  }
  for (const { rule, areas, cells: at } of engine.gatherings)
    areas.forEach((station, area) => {
      if (at.phase[area] === Phase.quiet) return;
      const [phase, since, raisedAt] = [at.phase[area]!, at.since[area]!, at.raisedAt[area]!];
      cells.push({ rule: rule.text.id, station, spot: '', phase, since, raisedAt });
    });
  for (const watch of engine.platform)
    watch.items.forEach((_, item) => {
      const { phase, since, raisedAt } = watch.cells;
      if (phase[item] === Phase.quiet) return;
      const at = { phase: phase[item]!, since: since[item]!, raisedAt: raisedAt[item]! };
      cells.push({ ...platformIdentity(watch, item), ...at });
    });
  return {
    version: 1,
    time: Number.isNaN(engine.time) ? null : engine.time,
    cells,
    alarms: [...engine.alarms.values()].map((alarm) => ({ ...alarm })),
    chatter: [...engine.chatter].map(([key, { raises, on }]) => [key, { raises: [...raises], on }]),
    silencers: [...engine.silencers],
  };
}

/**
 * Takes up where `saved` left off, to the second: delays that ran go on. The rules may be others than before: what
 * stands stays as long as its rule, station and spot are still there.
 * @param absence when nobody looked, ms since epoch: delays wait over it, as while a condition is not known
 */
export function restoreAlarms(
  engine: AlarmEngine,
  saved: SavedAlarms,
  absence?: { from: number; to: number },
): void {
  engine.time = absence?.to ?? saved.time ?? Number.NaN;
  const waited = absence ? absence.to - absence.from : 0;
  engine.silencers = [...saved.silencers];
  const there = new Set<string>();
  takeUp(engine);
  for (const { rule, areas } of engine.gatherings)
    for (const station of areas) there.add(keyOf({ rule: rule.text.id, station, spot: '' }));
  const suppressed = new Set(saved.alarms.filter(({ silent }) => silent === 'suppressed').map(keyOf));
  const wanted = new Map(saved.cells.map((cell) => [keyOf(cell), cell]));
  const put = (cells: Cells, row: number, id: Parameters<typeof keyOf>[0], beneath: Set<number>) => {
    const key = keyOf(id);
    const cell = wanted.get(key);
    if (!cell) return;
    cells.phase[row] = cell.phase;
    cells.busy = true;
    cells.since[row] = cell.since + waited;
    cells.raisedAt[row] = cell.raisedAt;
    if (cell.phase >= Phase.standing) cells.standing++;
    if (suppressed.has(key)) beneath.add(row);
  };
  for (const site of [...engine.sites.values()].flat())
    for (const [row, does] of site.concerned.rows.entries()) {
      if (does === 0) continue;
      const id = identityAt(site, row);
      there.add(keyOf(id));
      put(site.cells, row, id, site.suppressed);
    }
  for (const { rule, areas, cells, suppressed: beneath } of engine.gatherings)
    for (const [area, station] of areas.entries())
      put(cells, area, { rule: rule.text.id, station, spot: '' }, beneath);
  for (const watch of engine.platform) {
    const { id } = watch.rule.text;
    const known = [...saved.cells, ...saved.alarms].filter(({ rule }) => rule === id);
    meetItems(
      watch,
      known.map(({ spot }) => spot),
    );
    watch.items.forEach((_, item) => {
      there.add(keyOf(platformIdentity(watch, item)));
      put(watch.cells, item, platformIdentity(watch, item), new Set());
    });
  }
  for (const alarm of saved.alarms)
    if (there.has(keyOf(alarm))) enlist(engine, restored(alarm, engine.byId.get(alarm.rule)!));
  loosen(engine);
  for (const [key, chatter] of saved.chatter)
    if (there.has(key)) engine.chatter.set(key, { raises: [...chatter.raises], on: chatter.on });
}

/** An alarm under the rule of now, whose priority may be another. One that was saved before ages were keeps its own. */
function restored(alarm: Alarm, rule: Rule): Alarm {
  const aged = alarm.aged as Alarm['aged'] | undefined;
  return { ...alarm, aged: aged ?? [], priority: aged ? priorityOf(alarm, rule) : alarm.priority };
}

/**
 * The same engine under other rules: standing alarms, running delays, shelves and moving windows are kept. What no
 * rule speaks of any more is withdrawn; another priority of a rule is that of its alarms, which nobody is told anew.
 */
export function withRules(
  engine: AlarmEngine,
  rules: readonly Rule[],
): { engine: AlarmEngine; events: AlarmEvent[] } {
  const next = createEngine(rules, engine.state, engine);
  restoreAlarms(next, saveAlarms(engine));
  const events: AlarmEvent[] = [];
  for (const [key, alarm] of engine.alarms) {
    const kept = next.alarms.get(key);
    if (!kept) {
      events.push(event(engine.time, 'withdrawn', alarm));
      letGo(next, alarm);
    } else if (kept.priority !== alarm.priority) events.push(event(engine.time, 'regraded', kept));
  }
  return { engine: next, events };
}
