import type { AlarmSummary } from '#twin/wire/alarms.ts';
import { useWords } from '../i18n/i18n.ts';
import { ActionForm } from './ActionForm.tsx';
import { possible } from './possible.ts';
import { SaidNote } from './SaidNote.tsx';
import type { ActionKind, Actions } from './useActions.ts';

interface Props {
  shown: readonly AlarmSummary[];
  targets: readonly AlarmSummary[];
  picked: ReadonlySet<number>;
  form: ActionKind | null;
  actions: Actions;
  onPick(picked: ReadonlySet<number>): void;
  onStart(kind: ActionKind): void;
  onForm(form: ActionKind | null): void;
}

/** What can be done with the picked alarms, or with the one the list stands at. */
export function ActionBar({ shown, targets, picked, form, actions, onPick, onStart, onForm }: Props) {
  const { t } = useWords();
  const none = targets.length === 0;
  const can = (kind: ActionKind) => !none && targets.some((alarm) => possible(kind, alarm));
  return (
    <div className="alarm-actions">
      <button
        type="button"
        className="button"
        disabled={shown.length === 0}
        onClick={() => onPick(picked.size > 0 ? new Set() : new Set(shown.map(({ id }) => id)))}
      >
        {t(picked.size > 0 ? 'alarms.selectNone' : 'alarms.selectAll')}
      </button>
      <button
        type="button"
        className="button is-primary"
        disabled={!can('acknowledge') || actions.busy}
        onClick={() => onStart('acknowledge')}
      >
        {t('alarms.act.acknowledge')} <kbd>A</kbd>
      </button>
      <button
        type="button"
        className="button"
        disabled={!can('shelve') || actions.busy}
        onClick={() => onStart('shelve')}
      >
        {t('alarms.act.shelve')} <kbd>S</kbd>
      </button>
      <button
        type="button"
        className="button"
        disabled={!can('outOfService') || actions.busy}
        onClick={() => onStart('outOfService')}
      >
        {t('alarms.act.outOfService')}
      </button>
      {targets.some((alarm) => possible('reset', alarm)) && (
        <button type="button" className="button" disabled={actions.busy} onClick={() => onStart('reset')}>
          {t('alarms.act.reset')}
        </button>
      )}
      <span className="alarm-picked">
        {picked.size > 0
          ? t('alarms.selected', { count: picked.size })
          : t('alarms.shown', { count: shown.length })}
      </span>
      <SaidNote actions={actions} />
      {form && form !== 'acknowledge' && targets.length > 0 && (
        <ActionForm
          kind={form}
          count={targets.length}
          busy={actions.busy}
          onCancel={() => onForm(null)}
          onSubmit={async (words) => {
            await actions.act(form, targets, words);
            onForm(null);
            onPick(new Set());
          }}
        />
      )}
    </div>
  );
}
