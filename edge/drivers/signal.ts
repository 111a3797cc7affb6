import { type TemplatePoint, templateById } from '#twin/catalogue/template.ts';
import type { Driver } from '../driver.ts';

const SAMPLE_MS = 1000;

/**
 * A device that is none: every point of one station moves slowly over the middle of its range, so that a gateway can
 * be tried on a broker, or be tested by others, without equipment. It has no logger.
 */
export function signalDriver(code: string, template: string, now: () => number): Driver {
  const { points } = templateById(template);
  let timer: NodeJS.Timeout | undefined;
  return {
    describe: async () => ({ samplePeriodMs: SAMPLE_MS, stations: [{ code, template }] }),
    onInputs(take) {
      timer = setInterval(() => {
        const time = now();
        take(
          time,
          0,
          Float64Array.from(points, (point) => signal(point, time)),
        );
      }, SAMPLE_MS);
    },
    log: async () => ({ points: [], times: [], rows: new Float64Array(0) }),
    async close() {
      clearInterval(timer);
    },
  };
}

const MINUTE = 60_000;

/** A wave of a few minutes in steps of the resolution; totals grow, switches change over once a wave. */
export function signal({ type, min, max, resolution, index }: TemplatePoint, time: number): number {
  if (type === 'total') return Math.floor(time / MINUTE) % 1e6;
  if (type === 'code') return min;
  const wave = Math.sin((2 * Math.PI * time) / ((3 + (index % 5)) * MINUTE));
  if (type === 'bool') return wave > 0 ? 1 : 0;
  const value = (min + max) / 2 + (wave * (max - min)) / 8;
  return Math.round(value / resolution) * resolution;
}
