import { WebSocket } from 'ws';
import { type Template, templateById } from '#twin/catalogue/template.ts';
import type { StationList } from '#twin/wire/api.ts';
import { STATION_SHEET, stationResolution, stationTopic } from '#twin/wire/live.ts';
import { decodeSheet, type Sheet } from '#twin/wire/sheet.ts';

/** As many topics as one socket may have. */
const MOST = 16;
const COLUMNS = Object.keys(STATION_SHEET).length;

interface Watched {
  template: Template;
  sheet?: Sheet;
  /** by point: the newest time and the last value that were shown */
  times: Float64Array;
  values: Float64Array;
  /** the newest time of any point */
  newest: number;
}

/** What history did to the live state that a browser has, when it may do nothing. */
export interface Disturbances {
  watched: number;
  cellsSeen: number;
  timesBackwards: number;
  totalsFallen: number;
  /** from measuring to the browser, of what was newest of a station when it came, s */
  delayP99S: number | null;
  delayWorstS: number | null;
}

/**
 * The live state of some stations as a browser is told it: the time of no point may go back, and no total (m³, kWh,
 * hours, starts) may fall.
 */
export class StateWatch {
  private readonly stations = new Map<string, Watched>();
  private readonly counts = { cellsSeen: 0, timesBackwards: 0, totalsFallen: 0 };
  private readonly delays: number[] = [];
  private readonly socket: WebSocket;

  private constructor(url: string, templates: ReadonlyMap<string, string>) {
    for (const [code, id] of templates) {
      const template = templateById(id);
      const empty = () => new Float64Array(template.points.length).fill(Number.NaN);
      this.stations.set(stationTopic(code), { template, times: empty(), values: empty(), newest: 0 });
    }
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/live`);
    this.socket.on('open', () => this.socket.send(JSON.stringify({ watch: [...this.stations.keys()] })));
    this.socket.on('message', (data, binary) => binary && this.hear(data as Buffer));
    this.socket.on('error', () => {});
  }

  /** Watches up to sixteen of the stations named, evenly chosen. */
  static async open(url: string, codes: readonly string[]): Promise<StateWatch> {
    const { stations } = (await (await fetch(`${url}/api/stations`)).json()) as StationList;
    const templates = new Map(stations.map(({ code, template }) => [code, template]));
    const every = Math.max(1, Math.ceil(codes.length / MOST));
    const chosen = codes.filter((_, i) => i % every === 0);
    return new StateWatch(url, new Map(chosen.map((code) => [code, templates.get(code)!])));
  }

  /** Ends it. Throws when it saw nothing, since that shows nothing. */
  close(): Disturbances {
    const whole = this.socket.readyState === WebSocket.OPEN;
    this.socket.terminate();
    if (!whole || this.counts.cellsSeen === 0)
      throw new Error('the live state could not be watched throughout');
    const sorted = this.delays.sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? null;
    return { watched: this.stations.size, ...this.counts, delayP99S: at(0.99), delayWorstS: at(1) };
  }

  private hear(bytes: Buffer): void {
    const message = decodeSheet(
      bytes,
      (topic) => this.stations.get(topic)?.sheet,
      (topic) => stationResolution(this.stations.get(topic)!.template),
    );
    const watched = this.stations.get(message.topic)!;
    if (message.kind === 'snapshot') watched.sheet = message.sheet;
    const rows = message.kind === 'delta' ? message.changedRows : watched.times.keys();
    for (const row of rows) this.look(watched, row);
    const newest = watched.times.reduce((latest, time) => (time > latest ? time : latest), watched.newest);
    // a snapshot shows what may have been measured long before
    if (message.kind === 'delta' && newest > watched.newest) this.delays.push((Date.now() - newest) / 1000);
    watched.newest = newest;
  }

  private look({ template, sheet, times, values }: Watched, row: number): void {
    const cell = row * COLUMNS;
    const time = sheet!.values[cell + STATION_SHEET.time]!;
    const value = sheet!.values[cell + STATION_SHEET.value]!;
    const { type, resolution } = template.points[row]!;
    this.counts.cellsSeen++;
    if (time < times[row]!) this.counts.timesBackwards++;
    if (!Number.isNaN(time)) times[row] = time;
    if (Number.isNaN(value)) return;
    if (type === 'total' && value < values[row]! - resolution / 2) this.counts.totalsFallen++;
    values[row] = value;
  }
}
