import { useMemo } from 'react';
import type { AlarmSummary } from '#twin/wire/alarms.ts';
import type { StationSummary } from '#twin/wire/api.ts';
import { moreUrgent, type Priority } from '../overview/condition.ts';
import { useMoment } from '../state/moment.ts';
import { useOpenAlarms } from './queries.ts';

/** The most urgent alarm that stands at each row of the map; none while the map shows the past. */
export function useAlarmMarks(stations: readonly StationSummary[]): (row: number) => Priority {
  const alarms = useOpenAlarms().data?.alarms;
  const live = useMoment((state) => state.moment === 'live');
  return useMemo(() => {
    const worst = live && alarms ? worstByStation(alarms) : new Map<string, Priority>();
    return (row) => worst.get(stations[row]?.code ?? '') ?? 0;
  }, [alarms, live, stations]);
}

/** Alarms that stand and are not kept silent on purpose; what stands beneath a cause marks its room too. */
export function worstByStation(alarms: readonly AlarmSummary[]): Map<string, Priority> {
  const worst = new Map<string, Priority>();
  for (const { station, active, state, priority } of alarms) {
    if (!active || state === 'shelved' || state === 'outOfService') continue;
    worst.set(station, moreUrgent(worst.get(station) ?? 0, priority as Priority));
  }
  return worst;
}
