import { WebSocket } from 'ws';
import { templateById } from '#twin/catalogue/template.ts';
import type { StationList, StationSummary } from '#twin/wire/api.ts';
import {
  OVERVIEW_TOPIC,
  overviewResolution,
  STATION_SHEET,
  stationResolution,
  stationTopic,
} from '#twin/wire/live.ts';
import { decodeSheet, type Sheet } from '#twin/wire/sheet.ts';

/** Socket clients that each watch the overview and one station, as browsers do. */
export interface Clients {
  /** from the plant's sample to the decoded message, ms, since the last call */
  takeLatencies(): Float64Array;
  messages: () => number;
  close(): void;
}

export async function watchCity(url: string, count: number): Promise<Clients> {
  const { stations } = (await (await fetch(`${url}/api/stations`)).json()) as StationList;
  let latencies: number[] = [];
  let messages = 0;
  const sockets = Array.from({ length: count }, (_, i) => {
    const station = stations[Math.floor((i * stations.length) / count)]!;
    return watch(url, station, (latency) => {
      messages++;
      if (latency !== null) latencies.push(latency);
    });
  });
  await Promise.all(
    sockets.map((socket) => new Promise((open, fail) => socket.once('open', open).once('error', fail))),
  );
  return {
    takeLatencies() {
      const taken = Float64Array.from(latencies).sort();
      latencies = [];
      return taken;
    },
    messages: () => messages,
    close: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

function watch(url: string, station: StationSummary, heard: (latency: number | null) => void): WebSocket {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`);
  const topic = stationTopic(station.code);
  const resolution = stationResolution(templateById(station.template));
  const sheets = new Map<string, Sheet>();
  let newest = 0;
  socket.on('open', () => socket.send(JSON.stringify({ watch: [OVERVIEW_TOPIC, topic] })));
  socket.on('message', (data, binary) => {
    if (!binary) return;
    const message = decodeSheet(
      data as Buffer,
      (name) => sheets.get(name),
      (name) => (name === topic ? resolution : overviewResolution),
    );
    if (message.kind === 'snapshot') sheets.set(message.topic, message.sheet);
    const sampled =
      message.topic === topic && message.kind === 'delta'
        ? latest(sheets.get(topic)!, message.changedRows)
        : 0;
    // one measurement per sample, at the message that brings it first
    heard(sampled > newest ? Date.now() - sampled : null);
    newest = Math.max(newest, sampled);
  });
  return socket;
}

function latest(sheet: Sheet, rows: readonly number[]): number {
  let time = 0;
  for (const row of rows) {
    const at = sheet.values[row * sheet.columns + STATION_SHEET.time]!;
    if (at > time) time = at;
  }
  return time;
}
