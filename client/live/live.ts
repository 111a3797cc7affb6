import { createStore } from 'zustand/vanilla';
import { templateById } from '#twin/catalogue/template.ts';
import { ALARMS_TOPIC, alarmResolution } from '#twin/wire/alarms.ts';
import { OVERVIEW_TOPIC, overviewResolution, stationResolution } from '#twin/wire/live.ts';
import type { Resolution } from '#twin/wire/sheet.ts';
import { type Link, type LinkPorts, type LinkState, openLink, PROBE_LIMIT } from './link.ts';
import { ServerClock } from './serverClock.ts';
import { LiveSheets } from './sheets.ts';
import { Watches } from './watches.ts';

/** The page's one live connection: sheets, clock and link state. Made once in main.tsx, given by context. */
export interface Live {
  sheets: LiveSheets;
  watches: Watches;
  clock: ServerClock;
  link: {
    get(): LinkState;
    subscribe(reader: () => void): () => void;
    retryNow(): void;
  };
  /** Which template a station's sheet is made by; called when the list of stations is loaded. */
  setTemplates(templates: ReadonlyMap<string, string>): void;
  close(): void;
}

const STATION_PREFIX = 'station:';

/** `onStations` is called when the server says that its list of stations is another one. */
export function startLive(ports: LinkPorts, onStations: (revision: number) => void): Live {
  let templates: ReadonlyMap<string, string> = new Map();
  const state = createStore<LinkState>(() => ({ phase: 'connecting' }));
  const clock = new ServerClock(ports.now);
  const resolutionOf = (topic: string): Resolution => {
    if (topic === OVERVIEW_TOPIC) return overviewResolution;
    if (topic === ALARMS_TOPIC) return alarmResolution;
    const id = topic.startsWith(STATION_PREFIX)
      ? templates.get(topic.slice(STATION_PREFIX.length))
      : undefined;
    if (id === undefined) throw new Error(`no template is known for ${topic}`);
    return stationResolution(templateById(id));
  };
  const sheets = new LiveSheets(resolutionOf);
  const link: Link = openLink(ports, {
    state: (next) => state.setState(next, true),
    sheet: (bytes) => sheets.apply(bytes),
    notice(notice) {
      if (notice.notice === 'hello') clock.set(notice.serverTime);
      if (notice.notice === 'hello' || notice.notice === 'stations') onStations(notice.stationsRevision);
    },
  });
  const watches = new Watches((topics) => link.watch(topics));
  return {
    sheets,
    watches,
    clock,
    link: { get: state.getState, subscribe: state.subscribe, retryNow: link.retryNow },
    setTemplates: (next) => {
      templates = next;
    },
    close: link.close,
  };
}

/** The browser's own socket, timers and clock. */
export function browserPorts(location: Location): LinkPorts {
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`;
  return {
    open: () => new WebSocket(url) as unknown as ReturnType<LinkPorts['open']>,
    probe: async () => {
      const answer = await fetch('/api/client-config', {
        cache: 'no-store',
        signal: AbortSignal.timeout(PROBE_LIMIT),
      });
      return answer.ok;
    },
    now: () => Date.now(),
    random: () => Math.random(),
    setTimer: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
}
