import { useWords } from '../i18n/i18n.ts';
import { useView } from '../state/view.ts';
import { CloseButton } from './CloseButton.tsx';
import { ColouringChooser } from './ColouringChooser.tsx';
import { LayerToggles } from './LayerToggles.tsx';
import { Legend } from './Legend.tsx';
import { PanelEdge } from './PanelEdge.tsx';
import { StationList } from './StationList.tsx';

/** What exists: how stations are coloured, what lies on the map, and the list of stations. */
export function LeftPanel({ selected }: { selected: number }) {
  const { t } = useWords();
  const { leftOpen, leftWidth, set } = useView();
  if (!leftOpen) return null;
  return (
    <aside
      className="panel panel-left"
      style={{ width: `${leftWidth / 16}rem` }}
      aria-label={t('action.openPanel')}
    >
      <section>
        <h2>
          {t('colouring.title')}
          <CloseButton onClose={() => set({ leftOpen: false })} />
        </h2>
        <ColouringChooser />
        <Legend />
      </section>
      <section>
        <h2>{t('layers.title')}</h2>
        <LayerToggles />
      </section>
      <StationList selected={selected} />
      <PanelEdge side="left" width={leftWidth} onWidth={(width) => set({ leftWidth: width })} />
    </aside>
  );
}
