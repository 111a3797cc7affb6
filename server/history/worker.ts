import { parentPort } from 'node:worker_threads';
import { type ExtractRequest, heardIn, lastValues, recordOf, series } from './extract.ts';
import { type FoldRequest, fold, type SealRequest, seal } from './seal.ts';

/** What the history's thread can be asked for. */
export const TASKS = {
  seal: (request: SealRequest) => seal(request),
  fold: (request: FoldRequest) => fold(request),
  series: (request: ExtractRequest & { from: number; to: number; width: number }) =>
    series(request, request.from, request.to, request.width),
  heard: (request: Pick<ExtractRequest, 'chunks' | 'hot'> & { from: number; to: number; width: number }) =>
    heardIn(request, request.from, request.to, request.width),
  records: (request: { stations: ExtractRequest[]; from: number; to: number }) =>
    request.stations.map((station) => recordOf(station, request.from, request.to)),
  lastValues: (request: { stations: ExtractRequest[]; since: number; at: number }) =>
    request.stations.map((station) => lastValues(station, request.since, request.at)),
};

export type Task = keyof typeof TASKS;
export type Request<T extends Task> = Parameters<(typeof TASKS)[T]>[0];
export type Answer<T extends Task> = ReturnType<(typeof TASKS)[T]>;

parentPort?.on('message', ({ id, task, request }: { id: number; task: Task; request: never }) => {
  try {
    parentPort?.postMessage({ id, answer: TASKS[task](request) });
  } catch (error) {
    parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
