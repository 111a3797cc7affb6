import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { DATA_FAULTS, REFUSALS } from '#twin/wire/api.ts';
import { dataHealthQuery, useCity } from '../api/queries.ts';
import { formatBytes, formatCount, formatValue } from '../format/number.ts';
import { formatAge, formatMoment } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { FailedNote } from '../panels/FailedNote.tsx';
import { Glyph } from '../panels/Glyph.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { clockFor } from '../timebar/TimeBar.tsx';
import { ChannelsDown } from './ChannelsDown.tsx';
import { Figure } from './Figure.tsx';
import { Kinds } from './Kinds.tsx';
import { GapTable, RecentTable, WorstTable } from './tables.tsx';
import './health.css';

/** What arrives, what is wrong with it, and where it breaks off. */
export default function HealthPage() {
  const { t, ages, faults, refusals } = useWords();
  const query = useQuery(dataHealthQuery);
  const zone = useCity().data?.timeZone ?? 'Asia/Shanghai';
  const health = query.data;
  if (!health)
    return query.error ? (
      <FailedNote what="health" error={query.error} onRetry={() => query.refetch()} />
    ) : (
      <Waiting words={t('health.loading')} />
    );
  const clock = clockFor(zone);
  const { stations, rates, totals, history } = health;
  return (
    <div className="page">
      <header className="page-header">
        <h1>{t('nav.health')}</h1>
        <p>{t('health.lead', { time: clock.dayMinute(health.since) })}</p>
        {stations.unregistered > 0 && (
          <Link className="notice" to="/adopt">
            <Glyph name="inbox" />
            {t('health.unregistered', { count: stations.unregistered })}
            <b>{t('health.goAdopt')}</b>
          </Link>
        )}
        <ChannelsDown />
      </header>
      <div className="figures">
        <Figure
          label={t('health.live')}
          value={formatCount(stations.live)}
          unit={`/ ${formatCount(stations.registered)}`}
        />
        <Figure label={t('state.stale')} value={formatCount(stations.stale)} />
        <Figure label={t('state.offline')} value={formatCount(stations.offline)} />
        <Figure label={t('state.never')} value={formatCount(stations.never)} />
        <Figure
          label={t('health.messages')}
          value={formatCount(rates.messagesPerSecond)}
          unit={t('health.perSecond')}
        />
        <Figure
          label={t('health.values')}
          value={formatCount(rates.valuesPerSecond)}
          unit={t('health.perSecond')}
        />
        <Figure
          label={t('health.historical')}
          value={formatCount(rates.historicalPerSecond)}
          unit={t('health.perSecond')}
        />
        <Figure label={t('health.latency')} value={formatValue(rates.latencyMsP50, 1)} unit="ms" />
        <Figure label={t('health.latency99')} value={formatValue(rates.latencyMsP99, 1)} unit="ms" />
      </div>
      <div className="health-grid">
        <div className="health-column">
          <section className="card">
            <h2>{t('health.faults')}</h2>
            <Kinds kinds={DATA_FAULTS} counts={health.faults} words={faults} none={t('health.faultsNone')} />
          </section>
          <section className="card">
            <h2>{t('health.refused')}</h2>
            <Kinds kinds={REFUSALS} counts={health.refused} words={refusals} none={t('health.refusedNone')} />
          </section>
          <section className="card">
            <h2>{t('health.recent')}</h2>
            <RecentTable health={health} clock={clock} />
          </section>
        </div>
        <div className="health-column">
          <section className="card">
            <h2>{t('health.history')}</h2>
            <dl className="facts">
              <Fact name={t('health.historyBytes')} value={formatBytes(history.bytes)} />
              <Fact
                name={t('health.bytesPerValue')}
                value={history.bytesPerValue === null ? '–' : `${formatValue(history.bytesPerValue, 0.01)} B`}
              />
              <Fact name={t('health.unsealed')} value={formatCount(history.unsealedFrames)} />
              <Fact name={t('health.behind')} value={`${formatValue(history.behindMs, 1)} ms`} />
              <Fact
                name={t('health.oldest')}
                value={history.oldest === null ? '–' : formatMoment(history.oldest, health.time, clock, ages)}
              />
            </dl>
            <p className="card-words">
              {t('health.totals', {
                messages: formatCount(totals.messages),
                values: formatCount(totals.values),
                births: formatCount(totals.births),
              })}
            </p>
          </section>
          <section className="card">
            <h2>{t('health.worst')}</h2>
            <WorstTable health={health} />
          </section>
          <section className="card">
            <h2>{t('health.gaps')}</h2>
            <GapTable health={health} clock={clock} />
          </section>
        </div>
      </div>
      {query.error && (
        <p className="card-words">
          {t('error.kept')} {formatAge(Date.now() - query.dataUpdatedAt, ages)}
        </p>
      )}
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
