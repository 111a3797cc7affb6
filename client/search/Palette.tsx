import { useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/i18n.ts';
import { Glyph } from '../panels/Glyph.tsx';
import { useEntries } from './useEntries.ts';
import './palette.css';

/** Search over everything, by keyboard. */
export function Palette({ onClose }: { onClose(): void }) {
  const { t } = useWords();
  const [q, setQ] = useState('');
  const [at, setAt] = useState(0);
  const { entries, searching } = useEntries(q);
  const list = useRef<HTMLDivElement>(null);
  const chosen = Math.min(at, entries.length - 1);

  useEffect(() => {
    list.current?.querySelector(`[data-index="${chosen}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const choose = (index: number) => {
    const entry = entries[index];
    if (!entry) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter') choose(chosen);
    else if (event.key === 'ArrowDown') setAt((chosen + 1) % Math.max(1, entries.length));
    else if (event.key === 'ArrowUp') setAt((chosen - 1 + entries.length) % Math.max(1, entries.length));
    else return;
    event.preventDefault();
  };
  return (
    <div
      className="palette-shade"
      onPointerDown={(event) => event.target === event.currentTarget && onClose()}
    >
      <div className="palette" role="dialog" aria-label={t('search.title')} onKeyDown={onKeyDown}>
        <div className="palette-input">
          <Glyph name="search" />
          <input
            // biome-ignore lint/a11y/noAutofocus: the search is opened to type into it
            autoFocus
            value={q}
            placeholder={t('action.search')}
            aria-label={t('action.search')}
            role="combobox"
            aria-expanded="true"
            aria-controls="palette-list"
            aria-activedescendant={`palette-${chosen}`}
            onChange={(event) => {
              setQ(event.target.value);
              setAt(0);
            }}
          />
        </div>
        <div ref={list} id="palette-list" className="palette-list" role="listbox">
          {entries.map((entry, i) => (
            <div key={entry.id}>
              {entries[i - 1]?.group !== entry.group && <h3>{t(`search.${entry.group}`)}</h3>}
              <div
                id={`palette-${i}`}
                data-index={i}
                role="option"
                tabIndex={-1}
                aria-selected={i === chosen}
                className={i === chosen ? 'is-chosen' : ''}
                onPointerMove={() => setAt(i)}
                onClick={() => choose(i)}
                onKeyDown={onKeyDown}
              >
                <span>{entry.label}</span>
                <small>{entry.detail}</small>
              </div>
            </div>
          ))}
          {entries.length === 0 && (
            <p className="palette-empty">
              {searching ? t('search.searching') : t('search.empty', { q })}
              <br />
              <small>{t('search.emptyHint')}</small>
            </p>
          )}
        </div>
        <footer>{t('search.hint')}</footer>
      </div>
    </div>
  );
}
