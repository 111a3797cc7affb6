import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import {
  type AlarmActionRequest,
  type AlarmSummary,
  alarmActionAnswer,
  type SilencerRequest,
} from '#twin/wire/alarms.ts';
import { askJson } from '../api/http.ts';
import { useWords } from '../i18n/i18n.ts';
import { useOperator } from './operator.ts';

const DONE = z.object({ done: z.literal(true) });

export type ActionKind = AlarmActionRequest['do'];

/** What an action takes beside who and which. */
export interface ActionWords {
  reason: string;
  minutes: number;
  oneShot: boolean;
}

/** What was said about the last action, and how it can be undone. */
export interface Said {
  text: string;
  wrong: boolean;
  undo?: () => void;
}

/** A shelf, or equipment out of service. */
export interface Silence {
  kind: 'shelved' | 'outOfService';
  station: string;
  rule: string | null;
  /** of one alarm; absent: everywhere at the station */
  spot?: string | undefined;
}

export interface Actions {
  said: Said | null;
  busy: boolean;
  /** resolves to whether it was done; so do the others */
  act(kind: ActionKind, alarms: readonly AlarmSummary[], words?: ActionWords): Promise<boolean>;
  /** a whole station, or one of its rules, whether an alarm stands or not */
  silence(what: Omit<SilencerRequest, 'by'>): Promise<boolean>;
  endSilences(silences: readonly Silence[]): Promise<boolean>;
  /** says something that is not an answer */
  say(said: Said | null): void;
}

/** Does what the viewer asks with alarms, by the name typed, and says what became of it. */
export function useActions(): Actions {
  const { t } = useWords();
  const client = useQueryClient();
  const [said, say] = useState<Said | null>(null);
  const [busy, setBusy] = useState(false);
  const by = useOperator((operator) => operator.name).trim();

  /** Resolves to whether it was done. */
  const attempt = async (work: () => Promise<Said>): Promise<boolean> => {
    if (by === '') {
      say({ text: t('alarms.whoMissing'), wrong: true });
      return false;
    }
    setBusy(true);
    try {
      say(await work());
      return true;
    } catch (error) {
      say({ text: t('alarms.failed', { reason: (error as Error).message }), wrong: true });
      return false;
    } finally {
      setBusy(false);
      client.invalidateQueries({ queryKey: ['alarms'] });
    }
  };

  const endSilences = (silences: readonly Silence[]) =>
    attempt(async () => {
      for (const { kind, station, rule, spot } of silences)
        await askJson(DONE, '/api/alarms/silencers/end', {
          kind,
          station,
          rule,
          spot,
          by,
          reason: t(kind === 'shelved' ? 'alarms.act.unshelve' : 'alarms.act.inService'),
        });
      return { text: t('alarms.done.endSilence', { count: silences.length }), wrong: false };
    });

  const silence = (what: Omit<SilencerRequest, 'by'>) =>
    attempt(async () => {
      await askJson(DONE, '/api/alarms/silencers', { ...what, by } satisfies SilencerRequest);
      const text = t(what.kind === 'shelved' ? 'alarms.done.shelve' : 'alarms.done.outOfService', {
        count: 1,
      });
      return { text, wrong: false, undo: () => void endSilences([what]) };
    });

  const act = (kind: ActionKind, alarms: readonly AlarmSummary[], words?: ActionWords) =>
    attempt(async () => {
      const ids = alarms.map(({ id }) => id);
      const { done, refused } = await askJson(
        alarmActionAnswer,
        '/api/alarms/act',
        requestOf(kind, ids, by, words),
      );
      const parts = [
        ...(done > 0 ? [t(`alarms.done.${kind}`, { count: done })] : []),
        ...(refused.length > 0
          ? [t('alarms.refused', { count: refused.length, reason: refused[0]!.reason })]
          : []),
      ];
      const text = parts.join(' · ');
      if (done === 0 || (kind !== 'shelve' && kind !== 'outOfService'))
        return { text, wrong: refused.length > 0 };
      const not = new Set(refused.map(({ id }) => id));
      const silences = placesOf(
        alarms.filter(({ id }) => !not.has(id)),
        kind === 'shelve' ? 'shelved' : 'outOfService',
      );
      return { text, wrong: refused.length > 0, undo: () => void endSilences(silences) };
    });

  return { said, busy, act, silence, endSilences, say };
}

function requestOf(
  kind: ActionKind,
  ids: number[],
  by: string,
  words: ActionWords = { reason: '', minutes: 0, oneShot: false },
): AlarmActionRequest {
  const { reason, minutes, oneShot } = words;
  if (kind === 'acknowledge') return { do: kind, ids, by };
  return kind === 'shelve' ? { do: kind, ids, by, reason, minutes, oneShot } : { do: kind, ids, by, reason };
}

/** The shelves of some alarms, each once: a shelf is of a rule at its spot. */
export function placesOf(
  alarms: readonly Pick<AlarmSummary, 'rule' | 'station' | 'spot'>[],
  kind: Silence['kind'],
): Silence[] {
  const places = new Map<string, Silence>();
  for (const { rule, station, spot } of alarms)
    places.set(`${rule}|${station}|${spot}`, { kind, station, rule, spot });
  return [...places.values()];
}
