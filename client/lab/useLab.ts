import { useCallback, useEffect, useRef, useState } from 'react';
import type { Station } from '#twin/model/station.ts';
import { HOUR } from '#twin/units.ts';
import type { LabNews, LabOrder, LabSample } from './protocol.ts';
import type { Trial } from './trials.ts';

/** What the charts show of the past. */
export const LAB_WINDOW = HOUR;

export interface Lab {
  /** the last hour, oldest first; empty while the room is set up */
  samples: readonly LabSample[];
  failed: string | null;
  speed: number;
  begun: ReadonlySet<Trial>;
  setSpeed(speed: number): void;
  toggle(trial: Trial): void;
  again(): void;
}

/** A room that lives in a worker while the page is there. @param time ms since epoch at which it begins */
export function useLab(station: Station, time: number): Lab {
  const worker = useRef<Worker | null>(null);
  const [run, setRun] = useState(1);
  const [samples, setSamples] = useState<readonly LabSample[]>([]);
  const [failed, setFailed] = useState<string | null>(null);
  const [speed, setSpeed] = useState(60);
  const [begun, setBegun] = useState<ReadonlySet<Trial>>(new Set());
  const tell = useCallback((order: LabOrder) => worker.current?.postMessage(order), []);

  useEffect(() => {
    const made = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.current = made;
    made.onmessage = ({ data }: MessageEvent<LabNews>) => {
      if ('failed' in data) setFailed(data.failed);
      else setSamples((before) => lastHour([...before, ...data.samples]));
    };
    made.onerror = ({ message }) => setFailed(message);
    made.postMessage({ start: station, time, seed: run } satisfies LabOrder);
    return () => made.terminate();
  }, [station, time, run]);

  // a new worker stands still until it is told
  // biome-ignore lint/correctness/useExhaustiveDependencies: each run has a worker of its own
  useEffect(() => {
    tell({ speed });
  }, [speed, run, tell]);

  return {
    samples,
    failed,
    speed,
    begun,
    setSpeed,
    toggle: (trial) => {
      const stands = begun.has(trial);
      tell(stands ? { end: trial } : { begin: trial });
      setBegun(new Set(stands ? [...begun].filter((one) => one !== trial) : [...begun, trial]));
    },
    again: () => {
      setSamples([]);
      setFailed(null);
      setBegun(new Set());
      setRun(run + 1);
    },
  };
}

function lastHour(samples: readonly LabSample[]): readonly LabSample[] {
  const from = (samples.at(-1)?.time ?? 0) - LAB_WINDOW;
  const first = samples.findIndex(({ time }) => time >= from);
  return samples.slice(Math.max(0, first));
}
