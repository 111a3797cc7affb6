import { describe, expect, it, vi } from 'vitest';
import { startLive } from '#client/live/live.ts';
import { LiveSheets } from '#client/live/sheets.ts';
import { Watches } from '#client/live/watches.ts';
import { template } from '#twin/catalogue/template.ts';
import { OVERVIEW_COLUMNS } from '#twin/overview/columns.ts';
import { OVERVIEW_TOPIC, overviewResolution, stationResolution, stationTopic } from '#twin/wire/live.ts';
import { emptySheet, encodeDelta, encodeSnapshot } from '#twin/wire/sheet.ts';
import { FakeServer } from './virtualTime.ts';

const ROOM = template({ kind: 'tank', sets: [{ zone: 'LO', pumps: 2 }] });

function overviewOf(...firstCells: number[]) {
  const sheet = emptySheet(firstCells.length, OVERVIEW_COLUMNS.length);
  firstCells.forEach((value, row) => {
    sheet.values[row * OVERVIEW_COLUMNS.length] = value;
  });
  return sheet;
}

describe('live sheets', () => {
  it('give each reader of a topic its changes and leave the others alone', () => {
    const sheets = new LiveSheets(() => overviewResolution);
    const [overview, station] = [vi.fn(), vi.fn()];
    sheets.subscribe(OVERVIEW_TOPIC, overview);
    sheets.subscribe('station:A', station);
    const sent = overviewOf(1, 1);
    sheets.apply(encodeSnapshot(OVERVIEW_TOPIC, 5, sent, overviewResolution));
    sheets.apply(encodeDelta(OVERVIEW_TOPIC, 6, sent, overviewOf(1, 3), overviewResolution)!);
    expect(overview).toHaveBeenCalledTimes(2);
    expect(station).not.toHaveBeenCalled();
    expect(sheets.get(OVERVIEW_TOPIC)!.time).toBe(6);
    expect(sheets.get(OVERVIEW_TOPIC)!.sheet.values[OVERVIEW_COLUMNS.length]).toBe(3);
    expect(sheets.version(OVERVIEW_TOPIC)).toBe(2);
  });

  it('refuse a delta without a snapshot before it', () => {
    const sheets = new LiveSheets(() => overviewResolution);
    const delta = encodeDelta(OVERVIEW_TOPIC, 6, overviewOf(1), overviewOf(2), overviewResolution)!;
    expect(() => sheets.apply(delta)).toThrow(/snapshot/);
  });

  it('say nothing more to a reader that has left', () => {
    const sheets = new LiveSheets(() => overviewResolution);
    const reader = vi.fn();
    sheets.subscribe(OVERVIEW_TOPIC, reader)();
    sheets.apply(encodeSnapshot(OVERVIEW_TOPIC, 5, overviewOf(1), overviewResolution));
    expect(reader).not.toHaveBeenCalled();
  });
});

describe('watches', () => {
  it('count the watchers of a topic and tell once per turn', () => {
    const told: string[][] = [];
    const turn: (() => void)[] = [];
    const watches = new Watches(
      (topics) => told.push([...topics]),
      (run) => turn.push(run),
    );
    const next = () => {
      for (const run of turn.splice(0)) run();
    };
    const [one, two] = [watches.add('overview'), watches.add('overview')];
    watches.add('station:A');
    next();
    one();
    one();
    next();
    two();
    next();
    expect(told).toEqual([['overview', 'station:A'], ['overview', 'station:A'], ['station:A']]);
  });
});

describe('the live connection of a page', () => {
  it("keeps the server's clock and hears of another list of stations", () => {
    const server = new FakeServer();
    const revisions: number[] = [];
    const live = startLive(server.ports, (revision) => revisions.push(revision));
    server.latest.accept(server.time.now + 90_000);
    server.latest.say({ notice: 'stations', stationsRevision: 2 });
    expect(live.clock.now()).toBe(server.time.now + 90_000);
    expect(revisions).toEqual([1, 2]);
  });

  it("reads a station's sheet by the resolution of its template", () => {
    const server = new FakeServer();
    const live = startLive(server.ports, () => {});
    live.setTemplates(new Map([['SM-0001', ROOM.id]]));
    server.latest.accept();
    const sheet = emptySheet(ROOM.points.length, 3);
    sheet.values[0] = 0.283;
    server.latest.give(encodeSnapshot(stationTopic('SM-0001'), 1, sheet, stationResolution(ROOM)));
    expect(live.sheets.get(stationTopic('SM-0001'))!.sheet.values[0]).toBeCloseTo(0.283, 9);
    expect(live.link.get().phase).toBe('open');
  });

  it('shows a loss and the way back', async () => {
    const server = new FakeServer();
    const live = startLive(server.ports, () => {});
    server.latest.accept();
    server.latest.onclose?.();
    const state = live.link.get();
    expect(state.phase === 'lost' && state.retryAt - state.since).toBeGreaterThan(0);
    live.link.retryNow();
    server.latest.accept();
    expect(live.link.get().phase).toBe('open');
  });
});
