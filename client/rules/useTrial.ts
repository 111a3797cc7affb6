import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { isUnfinished, type JobState } from '#twin/wire/rules.ts';
import type { Naming } from '../alarms/names.ts';
import { useRuleProblems } from './problems.ts';

interface Options<J extends JobState> {
  rule: string;
  /** of the rule, as it is now */
  text: string;
  /** it may begin */
  ready: boolean;
  /** grows when the keyboard asks for a trial */
  tries: number;
  kind: {
    key: string;
    read(job: number, signal: AbortSignal): Promise<J>;
    cancel(job: number): Promise<J>;
  };
  begin(): Promise<{ job: number }>;
}

/** What a trial of a rule's text is shown for. */
export interface TrialProps {
  rule: string;
  text: string;
  /** the text has nothing wrong in it */
  usable: boolean;
  /** grows when the keyboard asks for it */
  tries: number;
  naming: Naming;
}

/** Asked twice a second until it is over. */
const ASK_EVERY_MS = 500;

/** A back-test of a text: begun by hand or by a key, followed until it is over, ended at will. */
export function useTrial<J extends JobState>({ rule, text, ready, tries, kind, begin }: Options<J>) {
  const { notBegun } = useRuleProblems();
  const [begun, setBegun] = useState<{ job: number; text: string } | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const query = useQuery({
    queryKey: ['backtest', kind.key, begun?.job ?? 0],
    queryFn: ({ signal }): Promise<J> => kind.read(begun?.job ?? 0, signal),
    refetchInterval: ({ state: { data } }) => (data && !isUnfinished(data) ? false : ASK_EVERY_MS),
    // a run of minutes goes on while its page is behind another
    refetchIntervalInBackground: true,
    enabled: begun !== null,
  });
  const job = begun ? query.data : undefined;
  const lost = begun && !job && query.error ? query.error.message : null;
  const runs = begun !== null && lost === null && (!job || isUnfinished(job));
  const start = async () => {
    setFailed(null);
    try {
      const { job: made } = await begin();
      setBegun({ job: made, text });
    } catch (error) {
      setFailed(notBegun(error, rule));
    }
  };
  const answered = useRef(tries);
  useEffect(() => {
    if (tries === answered.current) return;
    answered.current = tries;
    if (ready && !runs) void start();
  });
  // nobody can look at it any more: others need not wait for it
  const unfinished = runs ? (begun?.job ?? null) : null;
  const left = useRef(unfinished);
  left.current = unfinished;
  useEffect(
    () => () => {
      if (left.current !== null) void kind.cancel(left.current).catch(() => undefined);
    },
    [kind],
  );
  return {
    job,
    runs,
    problem: failed ?? lost ?? (job?.state === 'failed' ? job.error : null),
    /** the text is another than the one that was tried */
    stale: begun !== null && begun.text !== text,
    start,
    cancel: () => {
      if (begun) kind.cancel(begun.job).finally(() => query.refetch());
    },
  };
}
