import { useMemo, useRef, useState } from 'react';
import type { AlarmSummary } from '#twin/wire/alarms.ts';
import { useWindowWidth } from '../app/useWindowWidth.ts';
import { useWords } from '../i18n/i18n.ts';
import { useServerNow } from '../live/hooks.ts';
import { FailedNote } from '../panels/FailedNote.tsx';
import { Note } from '../panels/Note.tsx';
import { VirtualList } from '../panels/VirtualList.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { useScale } from '../state/scale.ts';
import { ActionBar } from './ActionBar.tsx';
import { AlarmColumns, AlarmRow, GroupRow } from './AlarmRow.tsx';
import { type AlarmFilter, type GroupBy, type Line, linesOf } from './lines.ts';
import type { Naming } from './names.ts';
import { OpenFilters } from './OpenFilters.tsx';
import { useOpenAlarms } from './queries.ts';
import { SilencerList } from './SilencerList.tsx';
import type { ActionKind, Actions } from './useActions.ts';

interface Props {
  naming: Naming;
  actions: Actions;
  selected: number;
  onOpen(id: number): void;
}

const ALL: AlarmFilter = { show: 'current', priority: 0, rule: '', district: '', text: '' };
const NO_ALARMS: readonly AlarmSummary[] = [];
export const ROW = { wide: 2.25, narrow: 3.5 } as const;

/** Everything that is not normal, causes above what they explain; moved through and acted on by keys. */
export function OpenTab({ naming, actions, selected, onOpen }: Props) {
  const { t } = useWords();
  const query = useOpenAlarms();
  const alarms = query.data?.alarms ?? NO_ALARMS;
  const [filter, setFilter] = useState(ALL);
  const [by, setBy] = useState<GroupBy>('none');
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  // the line itself, not its place: what comes in above must not move the keys to another alarm
  const [at, setAt] = useState({ key: '', place: 0 });
  const [form, setForm] = useState<ActionKind | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const now = useServerNow(1000);
  const narrow = useWindowWidth() / useScale() <= 900;
  const rowHeight = narrow ? ROW.narrow : ROW.wide;
  const lines = useMemo(
    () => linesOf(alarms, filter, by, toggled, naming),
    [alarms, filter, by, toggled, naming],
  );
  const found = lines.findIndex((one) => keyOfLine(one) === at.key);
  const here = found >= 0 ? found : Math.min(at.place, lines.length - 1);
  const stand = (place: number) => {
    const there = lines[place];
    if (there) setAt({ key: keyOfLine(there), place });
  };

  if (!query.data)
    return query.error ? (
      <FailedNote what="alarms" error={query.error} onRetry={() => query.refetch()} />
    ) : (
      <Waiting words={t('alarms.loading')} />
    );

  const toggle = (key: string) => setToggled((before) => flipped(before, key));
  const pick = (id: number) => setPicked((before) => flipped(before, id));
  const chosen = alarms.filter(({ id }) => picked.has(id));
  const line = lines[here];
  const targets = chosen.length > 0 ? chosen : line?.kind === 'alarm' ? [line.alarm] : [];
  const start = (kind: ActionKind) => {
    if (targets.length === 0) return;
    if (kind !== 'acknowledge') return setForm(kind);
    actions.act(kind, targets);
    setPicked(new Set());
  };
  const move = (to: number) => {
    const next = Math.max(0, Math.min(lines.length - 1, to));
    stand(next);
    bringIntoView(box.current?.querySelector('.virtual-list'), next, rowHeight);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const done = keyed(event.key);
    if (done) event.preventDefault();
  };
  const keyed = (key: string): boolean => {
    switch (key) {
      case 'ArrowDown':
        move(here + 1);
        return true;
      case 'ArrowUp':
        move(here - 1);
        return true;
      case 'Home':
        move(0);
        return true;
      case 'End':
        move(lines.length - 1);
        return true;
      case 'ArrowRight':
      case 'ArrowLeft':
        if (line && isFolded(line) === (key === 'ArrowRight')) toggle(keyOfLine(line));
        return true;
      case 'Enter':
        if (line?.kind === 'alarm') onOpen(line.alarm.id);
        else if (line) toggle(line.key);
        return true;
      case ' ':
        if (line?.kind === 'alarm') pick(line.alarm.id);
        return true;
      case 'a':
      case 'A':
        start('acknowledge');
        return true;
      case 's':
      case 'S':
        start('shelve');
        return true;
      case 'Escape':
        setPicked(new Set());
        return true;
      default:
        return false;
    }
  };
  return (
    <>
      <OpenFilters
        alarms={alarms}
        naming={naming}
        filter={filter}
        by={by}
        onFilter={setFilter}
        onGroup={setBy}
      />
      <ActionBar
        shown={lines.flatMap((one) => (one.kind === 'alarm' ? [one.alarm] : []))}
        targets={targets}
        picked={picked}
        form={form}
        actions={actions}
        onPick={setPicked}
        onStart={start}
        onForm={setForm}
      />
      {filter.show === 'silent' && <SilencerList naming={naming} actions={actions} />}
      {lines.length > 0 ? (
        <>
          <AlarmColumns />
          <div
            ref={box}
            className="alarm-list"
            role="listbox"
            tabIndex={0}
            aria-label={t('nav.alarms')}
            aria-activedescendant={line?.kind === 'alarm' ? `alarm-${line.alarm.id}` : undefined}
            onKeyDown={onKeyDown}
          >
            <VirtualList
              count={lines.length}
              rowHeight={rowHeight}
              label={t('nav.alarms')}
              render={(i) => {
                const one = lines[i]!;
                if (one.kind === 'group')
                  return (
                    <GroupRow
                      key={one.key}
                      group={one}
                      current={i === here}
                      onFold={() => {
                        stand(i);
                        toggle(one.key);
                      }}
                    />
                  );
                const { alarm, depth, consequences, unfolded } = one;
                return (
                  <AlarmRow
                    key={alarm.id}
                    alarm={alarm}
                    naming={naming}
                    now={now}
                    depth={depth}
                    consequences={consequences}
                    unfolded={unfolded}
                    current={i === here}
                    opened={alarm.id === selected}
                    picked={picked.has(alarm.id)}
                    onPick={() => pick(alarm.id)}
                    onUnfold={() => toggle(String(alarm.id))}
                    onOpen={() => {
                      stand(i);
                      onOpen(alarm.id);
                    }}
                  />
                );
              }}
            />
          </div>
        </>
      ) : isEverything(filter) ? (
        <Note glyph="bell" title={t('alarms.none')} hint={t('alarms.noneHint')} />
      ) : (
        <Note glyph="search" title={t('alarms.noMatch')} hint={t('alarms.noMatchHint')}>
          <button type="button" className="button" onClick={() => setFilter(ALL)}>
            {t('alarms.filter.clear')}
          </button>
        </Note>
      )}
      <footer className="alarm-keys">{t('alarms.keys')}</footer>
    </>
  );
}

const isEverything = ({ show, priority, rule, district, text }: AlarmFilter): boolean =>
  show === 'current' && priority === 0 && rule === '' && district === '' && text.trim() === '';

const keyOfLine = (line: Line): string => (line.kind === 'group' ? line.key : String(line.alarm.id));

/** Whether a line hides something; one that has nothing to hide is not folded. */
function isFolded(line: Line): boolean | null {
  if (line.kind === 'group') return line.folded;
  return line.consequences > 0 ? !line.unfolded : null;
}

/** The set with one more, or without it. */
export function flipped<T>(set: ReadonlySet<T>, one: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(one)) next.add(one);
  return next;
}

function bringIntoView(list: Element | null | undefined, row: number, rowHeight: number): void {
  if (!list) return;
  const pixels = rowHeight * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const top = row * pixels;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + pixels > list.scrollTop + list.clientHeight)
    list.scrollTop = top + pixels - list.clientHeight;
}
