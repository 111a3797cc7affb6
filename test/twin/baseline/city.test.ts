import { describe, expect, it } from 'vitest';
import { type Baselines, createBaselines, learn } from '#twin/baseline/city.ts';
import { usualNight } from '#twin/baseline/nights.ts';
import { usualAt } from '#twin/baseline/profile.ts';
import { loadBaseline, saveBaseline } from '#twin/baseline/station.ts';
import { addStation, emptyState, type TwinState } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';
import { HOUR, SECOND } from '#twin/units.ts';
import { expectedAt, MONDAY } from './days.ts';

const ROOMS = 40;
const UTC = MONDAY - 8 * HOUR;

function aCity(): TwinState {
  const state = emptyState();
  for (let i = 0; i < ROOMS; i++) addStation(state, `SM-${i}`, 'tank:LO2');
  for (const { qualities } of state.byTemplate.values()) for (const one of qualities) one.fill(Quality.good);
  return state;
}

function say(state: TwinState, values: Readonly<Record<string, number>>): void {
  for (const columns of state.byTemplate.values())
    for (const { tag, index } of columns.template.points)
      if (values[tag] !== undefined) columns.values[index]!.fill(values[tag]);
}

/** Looks every `step` seconds from an hour since MONDAY to another. */
function live(baselines: Baselines, state: TwinState, from: number, to: number, step = 60): void {
  for (let now = UTC + from * HOUR; now < UTC + to * HOUR; now += step * SECOND) {
    const flow = expectedAt(Math.floor((now - UTC) / HOUR));
    say(state, { F_OUT: flow, P_OUT: 0.5, L1: 2, RUN: 0, KW: 0.2 * flow, P_IN: 0.3, P_TOT: 3, HZ: 40 });
    learn(baselines, state, now);
  }
}

describe('the baselines of a city', () => {
  it('every station learns once a minute, not all of them at once', () => {
    const state = aCity();
    const baselines = createBaselines();
    const turns: number[] = [];
    for (let look = 0; look < 60; look++) {
      const now = UTC + look * 2 * SECOND;
      learn(baselines, state, now);
      const [rows] = baselines.byTemplate.values();
      turns.push(rows!.learnt.filter((time) => time === now).length);
    }
    expect(turns.reduce((sum, one) => sum + one)).toBe(2 * ROOMS);
    expect(Math.max(...turns)).toBe(2);
  });

  it('days of minutes become what is usual, at local time', () => {
    const state = aCity();
    const baselines = createBaselines();
    live(baselines, state, 0, 4 * 24);
    const baseline = baselines.byStation.get('SM-7')!;
    expect(usualAt(baseline.profiles.get('LO/F_OUT')!, MONDAY + (4 * 24 + 7.5) * HOUR)).toBeCloseTo(18, 3);
    expect(usualNight(baseline.sets.get('LO')!.nights)).toBe(2);
    expect(baselines.changed.size).toBe(ROOMS);
  });

  it('learns nothing from what is not good', () => {
    const state = aCity();
    for (const { qualities } of state.byTemplate.values())
      for (const one of qualities) one.fill(Quality.stale);
    const baselines = createBaselines();
    live(baselines, state, 0, 4 * 24);
    expect(baselines.changed.size).toBe(0);
  });

  it('goes on after a restart as if there had been none, and stays small', () => {
    const state = aCity();
    const whole = createBaselines();
    live(whole, state, 0, 60);
    const saved = [...whole.byStation].map(
      ([code, one]) => [code, JSON.stringify(saveBaseline(one))] as const,
    );
    const after = createBaselines(
      new Map(saved.map(([code, text]) => [code, loadBaseline(JSON.parse(text))])),
    );
    for (const one of [whole, after]) live(one, state, 60, 63, 2);
    const plain = (baselines: Baselines) => [...baselines.byStation].map(([, one]) => saveBaseline(one));
    expect(plain(after)).toEqual(plain(whole));
    for (const [, text] of saved) expect(text.length).toBeLessThan(12_000);
  });
});
