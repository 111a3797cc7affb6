import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Link } from 'react-router';
import { PLATFORM } from '#twin/alarm/alarm.ts';
import type { AlarmDetail, AlarmSummary } from '#twin/wire/alarms.ts';
import { RequestError } from '../api/http.ts';
import { useWords } from '../i18n/i18n.ts';
import { CloseButton } from '../panels/CloseButton.tsx';
import { FailedNote } from '../panels/FailedNote.tsx';
import { Glyph } from '../panels/Glyph.tsx';
import { Note } from '../panels/Note.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { ActionForm } from './ActionForm.tsx';
import { AlarmLog, OtherAlarms } from './AlarmLog.tsx';
import { AlarmTimes } from './AlarmTimes.tsx';
import { DiagnosisList } from './DiagnosisList.tsx';
import { EvidenceTable } from './EvidenceTable.tsx';
import { FigureTable } from './FigureTable.tsx';
import type { Naming } from './names.ts';
import { PriorityMark } from './PriorityMark.tsx';
import { possible, proposesShelf } from './possible.ts';
import { alarmQuery, useAlarmCounts } from './queries.ts';
import { SuspectList } from './SuspectList.tsx';
import { type ActionKind, type Actions, placesOf } from './useActions.ts';

const EvidenceCharts = lazy(() => import('./EvidenceCharts.tsx'));

interface Props {
  id: number;
  naming: Naming;
  actions: Actions;
  onOpen(id: number): void;
  onClose(): void;
}

/** One alarm in full: why, what to do, what was measured, what it leads to, what was done. */
export function AlarmPanel({ id, naming, actions, onOpen, onClose }: Props) {
  const { t } = useWords();
  const query = useQuery(alarmQuery(id));
  const revision = useAlarmCounts()?.revision;
  const { refetch } = query;
  useEffect(() => {
    if (revision !== undefined) refetch({ cancelRefetch: false });
  }, [revision, refetch]);
  const missing = query.error instanceof RequestError && query.error.status === 404;
  return (
    <aside className="alarm-panel" aria-label={t('alarms.detail.log')}>
      {query.data ? (
        <Body detail={query.data} naming={naming} actions={actions} onOpen={onOpen} onClose={onClose} />
      ) : (
        <>
          <div className="alarm-panel-bar">
            <CloseButton onClose={onClose} />
          </div>
          {missing ? (
            <Note glyph="search" title={t('alarms.detail.gone')} hint={t('alarms.detail.goneHint')} />
          ) : query.error ? (
            <FailedNote what="alarms" error={query.error} onRetry={() => query.refetch()} />
          ) : (
            <Waiting words={t('alarms.detail.loading')} />
          )}
        </>
      )}
    </aside>
  );
}

function Body({ detail, naming, actions, onOpen, onClose }: { detail: AlarmDetail } & Omit<Props, 'id'>) {
  const { t, local } = useWords();
  const { alarm, consequences, before, elsewhere } = detail;
  const rule = naming.rules.get(alarm.rule);
  const station = naming.station(alarm.station);
  return (
    <>
      <header className="alarm-panel-head">
        <PriorityMark priority={alarm.priority} active={alarm.active} />
        <h1>{naming.rule(alarm.rule)}</h1>
        <CloseButton onClose={onClose} />
        <p>
          {station ? (
            <Link to={`/stations/${encodeURIComponent(station.code)}`}>{naming.place(alarm)}</Link>
          ) : (
            naming.place(alarm)
          )}
          {alarm.spot && <span>{naming.spot(alarm)}</span>}
          <span>
            {[naming.district(alarm.district), naming.zone(alarm.supplyZone)].filter(Boolean).join(' · ')}
          </span>
          <span className={`alarm-state state-of-${alarm.state}`}>{t(`alarms.state.${alarm.state}`)}</span>
          {alarm.chattering && <em className="alarm-chip">{t('alarms.chattering')}</em>}
        </p>
      </header>
      <PanelActions alarm={alarm} actions={actions} />
      <div className="alarm-panel-body">
        {detail.diagnosis.length > 0 ? (
          <DiagnosisList diagnosis={detail.diagnosis} />
        ) : rule ? (
          <dl className="alarm-why">
            <dt>{t('alarms.detail.cause')}</dt>
            <dd>{local(rule.cause)}</dd>
            <dt>{t('alarms.detail.remedy')}</dt>
            <dd>{local(rule.remedy)}</dd>
          </dl>
        ) : null}
        {detail.suspects && <SuspectList suspects={detail.suspects} />}
        {alarm.cause !== null && (
          <button type="button" className="alarm-link" onClick={() => onOpen(alarm.cause!)}>
            <Glyph name="back" /> {t('alarms.detail.explainedBy')}
          </button>
        )}
        <AlarmTimes alarm={alarm} />
        {station ? (
          <>
            <EvidenceTable evidence={detail.evidence} station={station} thresholds={rule?.thresholds} />
            <Suspense fallback={<Waiting words={t('chart.loading')} />}>
              <EvidenceCharts
                alarm={alarm}
                evidence={detail.evidence}
                station={station}
                lookBack={rule?.lookBack ?? 0}
              />
            </Suspense>
          </>
        ) : (
          <>
            <FigureTable evidence={detail.evidence} />
            {alarm.station !== PLATFORM && <p className="card-words">{t('alarms.detail.noTrend')}</p>}
          </>
        )}
        {consequences.length > 0 && (
          <OtherAlarms
            title={`${t('alarms.detail.consequences')} ${consequences.length}`}
            alarms={consequences}
            naming={naming}
            onOpen={onOpen}
          />
        )}
        <AlarmLog detail={detail} />
        <OtherAlarms title={t('alarms.detail.before')} alarms={before} naming={naming} onOpen={onOpen} />
        {elsewhere.length > 0 && (
          <OtherAlarms
            title={t('alarms.detail.elsewhere')}
            alarms={elsewhere}
            naming={naming}
            onOpen={onOpen}
          />
        )}
        {rule && (
          <section>
            <h2>
              {t('alarms.detail.rule')} <code>{rule.id}</code>
            </h2>
            <code className="alarm-when-text">{rule.when ?? rule.gathers ?? rule.platform}</code>
            <p className="card-words">
              {t('alarms.detail.ruleVersion', {
                version: rule.version,
                author: rule.author,
                reason: local(rule.reason),
              })}
            </p>
          </section>
        )}
      </div>
    </>
  );
}

function PanelActions({ alarm, actions }: { alarm: AlarmSummary; actions: Actions }) {
  const { t } = useWords();
  const [form, setForm] = useState<Exclude<ActionKind, 'acknowledge'> | null>(null);
  const [proposed, setProposed] = useState(false);
  const start = (kind: Exclude<ActionKind, 'acknowledge'>, asProposed = false) => {
    setProposed(asProposed);
    setForm(kind);
  };
  const button = (kind: ActionKind) =>
    possible(kind, alarm) && (
      <button
        type="button"
        className={`button ${kind === 'acknowledge' ? 'is-primary' : ''}`}
        disabled={actions.busy}
        onClick={() => (kind === 'acknowledge' ? actions.act(kind, [alarm]) : start(kind))}
      >
        {t(`alarms.act.${kind}`)}
      </button>
    );
  const silence =
    alarm.state === 'shelved' ? 'shelved' : alarm.state === 'outOfService' ? 'outOfService' : null;
  return (
    <div className="alarm-panel-actions">
      {button('acknowledge')}
      {button('reset')}
      {button('shelve')}
      {button('outOfService')}
      {silence && (
        <button
          type="button"
          className="button"
          disabled={actions.busy}
          onClick={() => actions.endSilences(placesOf([alarm], silence))}
        >
          {t(silence === 'shelved' ? 'alarms.act.unshelve' : 'alarms.act.inService')}
        </button>
      )}
      {actions.said && <output className={actions.said.wrong ? 'is-wrong' : ''}>{actions.said.text}</output>}
      {!form && proposesShelf(alarm) && (
        <p className="alarm-proposal">
          {t('alarms.proposal.chatter')}
          <button
            type="button"
            className="button"
            disabled={actions.busy}
            onClick={() => start('shelve', true)}
          >
            {t('alarms.proposal.shelve')}
          </button>
        </p>
      )}
      {form && (
        <ActionForm
          key={`${form} ${proposed}`}
          kind={form}
          count={1}
          proposed={proposed ? t('alarms.proposal.reason') : ''}
          busy={actions.busy}
          onCancel={() => setForm(null)}
          onSubmit={async (words) => {
            await actions.act(form, [alarm], words);
            setForm(null);
          }}
        />
      )}
    </div>
  );
}
