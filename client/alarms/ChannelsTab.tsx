import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { NotificationChannel, NotificationEntry } from '#twin/wire/notifications.ts';
import { notificationTestAnswer } from '#twin/wire/notifications.ts';
import { askJson } from '../api/http.ts';
import { useCity } from '../api/queries.ts';
import { formatCount } from '../format/number.ts';
import { type Clock, formatMoment } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { FailedNote } from '../panels/FailedNote.tsx';
import { Note } from '../panels/Note.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { clockFor } from '../timebar/TimeBar.tsx';
import type { Naming } from './names.ts';
import { useOperator } from './operator.ts';
import { PriorityMark } from './PriorityMark.tsx';
import { notificationsQuery } from './queries.ts';

interface Props {
  naming: Naming;
  onOpen(id: number): void;
}

/** The ways to people outside of the page: how each is doing, a test of it, and what was sent. */
export function ChannelsTab({ naming, onOpen }: Props) {
  const { t } = useWords();
  const query = useQuery(notificationsQuery);
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  const health = query.data;
  if (!health)
    return query.error ? (
      <FailedNote what="alarms" error={query.error} onRetry={() => query.refetch()} />
    ) : (
      <Waiting words={t('alarms.channels.loading')} />
    );
  const { channels, recent, time } = health;
  if (channels.length === 0)
    return <Note glyph="bell" title={t('alarms.channels.none')} hint={t('alarms.channels.noneHint')} />;
  return (
    <div className="alarm-channels">
      <section className="card">
        <h2>{t('alarms.channels.title')}</h2>
        <div className="table-scroll">
          <table className="plain-table">
            <thead>
              <tr>
                <th>{t('alarms.channels.channel')}</th>
                <th>{t('alarms.channels.stateWord')}</th>
                <th className="is-number">{t('alarms.channels.waiting')}</th>
                <th className="is-number">{t('alarms.channels.delivered')}</th>
                <th>{t('alarms.channels.routes')}</th>
                <th aria-label={t('alarms.channels.test')} />
              </tr>
            </thead>
            <tbody>
              {channels.map((channel) => (
                <ChannelLine key={channel.id} channel={channel} now={time} clock={clock} />
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section className="card">
        <h2>{t('alarms.channels.recent')}</h2>
        {recent.length === 0 && <p className="card-words">{t('alarms.channels.recentNone')}</p>}
        {recent.length > 0 && <Sent {...{ recent, channels, now: time, clock, naming, onOpen }} />}
      </section>
    </div>
  );
}

function ChannelLine({ channel, now, clock }: { channel: NotificationChannel; now: number; clock: Clock }) {
  const { t, ages, local } = useWords();
  const { id, kind, name, target, state, downSince, failures, lastError, lastDelivered, nextAttempt } =
    channel;
  return (
    <tr>
      <td>
        <b>{local(name)}</b> <small>{t(`alarms.channels.kind.${kind}`)}</small>
        <br />
        <code>{target}</code>
      </td>
      <td className="channel-state">
        <span className={`channel-mark is-${state}`} aria-hidden>
          {state === 'down' ? '▲' : state === 'up' ? '●' : '○'}
        </span>{' '}
        {t(`alarms.channels.state.${state}`)}{' '}
        {downSince !== null && t('alarms.channels.since', { time: clock.dayMinute(downSince) })}
        {lastError !== null && (
          <>
            <br />
            <code>{lastError}</code>
          </>
        )}
        {nextAttempt !== null && (
          <>
            <br />
            <small>{t('alarms.channels.tries', { count: failures, time: clock.second(nextAttempt) })}</small>
          </>
        )}
      </td>
      <td className="is-number">{formatCount(channel.waiting)}</td>
      <td className="is-number">
        {lastDelivered === null ? '–' : formatMoment(lastDelivered, now, clock, ages)}
      </td>
      <td>{channel.routes.join(', ') || '–'}</td>
      <td className="channel-test">
        <Test id={id} />
      </td>
    </tr>
  );
}

/** Sends a test in the name of whoever is on this screen, and says what became of it. */
function Test({ id }: { id: string }) {
  const { t } = useWords();
  const client = useQueryClient();
  const by = useOperator((operator) => operator.name).trim();
  const test = useMutation({
    mutationFn: () =>
      askJson(notificationTestAnswer, `/api/notifications/channels/${encodeURIComponent(id)}/test`, { by }),
    onSettled: () => client.invalidateQueries({ queryKey: notificationsQuery.queryKey }),
  });
  const { data, error } = test;
  const reason = error?.message ?? data?.error;
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={test.isPending || by === ''}
        title={by === '' ? t('alarms.whoMissing') : undefined}
        onClick={() => test.mutate()}
      >
        {t(test.isPending ? 'alarms.channels.testing' : 'alarms.channels.test')}
      </button>
      <output>
        {data?.delivered && t('alarms.channels.tested', { ms: Math.round(data.tookMs) })}
        {reason && t('alarms.channels.testFailed', { reason })}
      </output>
    </>
  );
}

interface SentProps extends Props {
  recent: readonly NotificationEntry[];
  channels: readonly NotificationChannel[];
  now: number;
  clock: Clock;
}

function Sent({ recent, channels, now, clock, naming, onOpen }: SentProps) {
  const { t, ages, local } = useWords();
  const names = new Map(channels.map(({ id, name }) => [id, local(name)]));
  return (
    <div className="table-scroll">
      <table className="plain-table">
        <thead>
          <tr>
            <th>{t('alarms.channels.time')}</th>
            <th>{t('alarms.channels.alarm')}</th>
            <th>{t('alarms.channels.what')}</th>
            <th>{t('alarms.channels.channel')}</th>
            <th>{t('alarms.channels.outcome')}</th>
          </tr>
        </thead>
        <tbody>
          {recent.map(
            ({ key, alarm, rule, station, priority, kind, n, channel, madeAt, outcome, error, missing }) => (
              <tr key={key}>
                <td title={clock.second(madeAt)}>{formatMoment(madeAt, now, clock, ages)}</td>
                <td>
                  <button type="button" className="channel-alarm" onClick={() => onOpen(alarm)}>
                    <PriorityMark priority={priority} /> {naming.rule(rule)} · {naming.place({ station })}
                  </button>
                </td>
                <td>{t(`alarms.channels.step.${kind}`, { n })}</td>
                <td>{names.get(channel) ?? channel}</td>
                <td title={error ?? undefined}>
                  {t(`alarms.channels.outcomes.${outcome}`)}
                  {missing.length > 0 && (
                    <>
                      <br />
                      <small>{t('alarms.channels.missing', { addresses: missing.join(', ') })}</small>
                    </>
                  )}
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
