import { Link, NavLink } from 'react-router';
import { AlarmCount } from '../alarms/AlarmCount.tsx';
import { useCity } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { Glyph, type GlyphName } from '../panels/Glyph.tsx';
import { useView } from '../state/view.ts';
import { DistrictSelect } from './DistrictSelect.tsx';
import { LinkState } from './LinkState.tsx';
import { StateCounts } from './StateCounts.tsx';

/** Where one is, what there is, and how it is, in one slim line. */
export function TopBar({ onSearch }: { onSearch(): void }) {
  const { t, local } = useWords();
  const { theme, language, set } = useView();
  const city = useCity().data;
  return (
    <header className="top-bar">
      <Link to="/" className="brand" aria-label={t('productLong')}>
        <Glyph name="droplet" />
        <b>{t('product')}</b>
      </Link>
      {city && (
        <span className="city">
          <span>{local(city.name)}</span>
          {city.synthetic && (
            <em title={t('syntheticHint')} className="synthetic">
              {t('synthetic')}
            </em>
          )}
        </span>
      )}
      <nav aria-label={t('search.pages')}>
        <Page to="/" glyph="map" words={t('nav.map')} />
        <AlarmCount />
        <Page to="/health" glyph="pulse" words={t('nav.health')} />
        <Page to="/adopt" glyph="inbox" words={t('nav.adopt')} />
      </nav>
      <button type="button" className="search-button" onClick={onSearch} aria-label={t('action.search')}>
        <Glyph name="search" />
        <span>{t('action.search')}</span>
        <kbd>{/mac/i.test(navigator.platform) ? '⌘' : 'Ctrl'} K</kbd>
      </button>
      <DistrictSelect />
      <StateCounts />
      <LinkState />
      <button
        type="button"
        className="text-button"
        title={t('action.languageHint')}
        onClick={() => set({ language: language === 'zh' ? 'en' : 'zh' })}
      >
        {t('action.language')}
      </button>
      <button
        type="button"
        className="icon-button"
        title={t(theme === 'dark' ? 'action.toLight' : 'action.toDark')}
        aria-label={t(theme === 'dark' ? 'action.toLight' : 'action.toDark')}
        onClick={() => set({ theme: theme === 'dark' ? 'light' : 'dark' })}
      >
        <Glyph name={theme === 'dark' ? 'sun' : 'moon'} />
      </button>
    </header>
  );
}

function Page({ to, glyph, words }: { to: string; glyph: GlyphName; words: string }) {
  return (
    <NavLink to={to} className="page-link" end={to !== '/'} title={words}>
      <Glyph name={glyph} />
      <span>{words}</span>
    </NavLink>
  );
}
