import { codeOf, type FaultTrial } from './fault.ts';
import type { RoomResult, TrialResult } from './trial.ts';

/** How well faults are told. */
export interface Score {
  rooms: number;
  /** share raised within their time; share whose first alarm named the fault */
  recall: number;
  firstCause: number;
}

const rightFirst = (fault: string, { first }: RoomResult): boolean =>
  first !== null && codeOf(first) === codeOf(fault);

export function scoreOf(results: readonly TrialResult[]): Score {
  const rooms = results.flatMap(({ fault, rooms: all }) => all.map((room) => ({ fault, room })));
  const share = (found: (one: (typeof rooms)[number]) => boolean) =>
    Number((rooms.filter(found).length / Math.max(1, rooms.length)).toFixed(3));
  return {
    rooms: rooms.length,
    recall: share(({ room }) => room.raisedAfter !== null),
    firstCause: share(({ fault, room }) => rightFirst(fault, room)),
  };
}

/** How often each first alarm was the answer to each fault: `{ F19: { F19: 5, F44: 1 } }`. */
export function confusionOf(results: readonly TrialResult[]): Record<string, Record<string, number>> {
  return Object.fromEntries(
    results.map(({ fault, rooms }) => {
      const counts: Record<string, number> = {};
      for (const { first } of rooms) {
        const answer = first === null ? 'none' : /^F\d\d/.test(first) ? codeOf(first) : first;
        counts[answer] = (counts[answer] ?? 0) + 1;
      }
      return [fault, counts];
    }),
  );
}

/** The table of the documentation: a line per fault. */
export function tableOf(results: readonly TrialResult[], trials: readonly FaultTrial[]): string {
  const confusion = confusionOf(results);
  const lines = results.map(({ fault, rooms, within }) => {
    const trial = trials.find(({ id }) => id === fault)!;
    const raised = rooms.flatMap(({ raisedAfter }) => raisedAfter ?? []).sort((a, b) => a - b);
    const others = Object.entries(confusion[fault]!).filter(([answer]) => answer !== codeOf(fault));
    const right = confusion[fault]![codeOf(fault)] ?? 0;
    return `| ${fault} ${trial.name.en} | ${trial.class} | ${raised.length}/${rooms.length} | ${inWords(raised[raised.length >> 1])} | ${inWords(within)} | ${right}/${rooms.length} | ${others.map(([answer, count]) => `${answer} ${count}`).join(', ') || '–'} |`;
  });
  return [
    '| fault | class | raised | median after | within | first cause right | first cause else |',
    '|---|---|--:|--:|--:|--:|---|',
    ...lines,
  ].join('\n');
}

function inWords(seconds: number | undefined): string {
  if (seconds === undefined) return '–';
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
