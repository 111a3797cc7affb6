import { describe, expect, it } from 'vitest';
import { compile } from '#sim/hydraulics/compile.ts';
import { applyControls } from '#sim/hydraulics/controls.ts';
import { statusName } from '#sim/hydraulics/report.ts';
import { createState } from '#sim/hydraulics/state.ts';
import { junction, pipe, town } from './towns.ts';

/** What the pipe is after the controls of an interval of a minute from 23:59:30 on, thirty seconds into the run. */
function pipeAfter(...controls: string[]): string {
  const h = compile(
    town({
      nodes: [{ kind: 'reservoir', id: 'R', head: 50 }, junction('A', 0, 10)],
      links: [pipe('P', 'R', 'A', 100, 200)],
      controls,
    }),
  );
  const s = createState(h);
  s.time = 30;
  applyControls(h, s, 1, { ahead: 60, startClock: 86340 });
  return statusName(s.status[h.linkIndex.get('P')!]!);
}

describe('simple controls of one interval', () => {
  it.each([
    ['closed', 'LINK P OPEN AT TIME 0:01', 'LINK P CLOSED AT TIME 0:01'],
    ['open', 'LINK P CLOSED AT TIME 0:01', 'LINK P OPEN AT TIME 0:01'],
    ['open', 'LINK P OPEN AT TIME 70 SEC', 'LINK P CLOSED AT TIME 0:01'],
    ['closed', 'LINK P CLOSED AT TIME 70 SEC', 'LINK P OPEN AT CLOCKTIME 0:00'],
    ['closed', 'LINK P CLOSED AT CLOCKTIME 0:00', 'LINK P OPEN AT CLOCKTIME 23.9945'],
    ['open', 'LINK P OPEN AT TIME 0:01', 'LINK P CLOSED IF NODE R ABOVE 40'],
  ])('leave the link %s: %s, %s', (status, ...controls) => {
    expect(pipeAfter(...controls)).toBe(status);
  });

  it('leave out what comes later', () => {
    expect(pipeAfter('LINK P CLOSED AT TIME 90 SEC')).toBe('open');
  });
});
