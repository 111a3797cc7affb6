import { useSearchParams } from 'react-router';
import { useWords } from '../i18n/i18n.ts';
import { RulesTab } from '../rules/RulesTab.tsx';
import { AlarmPanel } from './AlarmPanel.tsx';
import { ChannelsTab } from './ChannelsTab.tsx';
import { FiguresTab } from './FiguresTab.tsx';
import { HistoryTab } from './HistoryTab.tsx';
import { useNaming } from './names.ts';
import { OpenTab } from './OpenTab.tsx';
import { OperatorField } from './OperatorField.tsx';
import { SoundButton } from './SoundButton.tsx';
import { useActions } from './useActions.ts';
import './alarms.css';

const TABS = ['open', 'history', 'figures', 'rules', 'channels'] as const;

/** What is wrong now, what was, and one alarm in full beside the list. The address says which. */
export default function AlarmPage() {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const naming = useNaming();
  const actions = useActions();
  const tab = TABS.find((one) => one === search.get('tab')) ?? 'open';
  const id = Number(search.get('id') ?? Number.NaN);
  const go = (change: { tab?: string; id?: number | null }) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (change.tab !== undefined) next.set('tab', change.tab);
        if (change.id === null) next.delete('id');
        else if (change.id !== undefined) next.set('id', String(change.id));
        return next;
      },
      { replace: true },
    );
  const open = (wanted: number) => go({ id: wanted });
  return (
    <div className="alarm-page">
      <div className="alarm-side">
        <header className="alarm-head">
          <div className="tabs" role="tablist">
            {TABS.map((one) => (
              <button
                key={one}
                type="button"
                role="tab"
                aria-selected={one === tab}
                onClick={() => go({ tab: one })}
              >
                {t(`alarms.tabs.${one}`)}
              </button>
            ))}
          </div>
          <OperatorField />
          <SoundButton />
        </header>
        {tab === 'open' && <OpenTab naming={naming} actions={actions} selected={id} onOpen={open} />}
        {tab === 'figures' && <FiguresTab naming={naming} />}
        {tab === 'rules' && <RulesTab naming={naming} />}
        {tab === 'channels' && <ChannelsTab naming={naming} onOpen={open} />}
        {tab === 'history' && <HistoryTab naming={naming} selected={id} onOpen={open} />}
      </div>
      {Number.isFinite(id) && tab !== 'rules' && (
        <AlarmPanel
          key={id}
          id={id}
          naming={naming}
          actions={actions}
          onOpen={open}
          onClose={() => go({ id: null })}
        />
      )}
    </div>
  );
}
