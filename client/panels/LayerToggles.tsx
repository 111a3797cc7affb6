import { useWords } from '../i18n/i18n.ts';
import { MAP_LAYERS, useView } from '../state/view.ts';

/** What lies on the map. */
export function LayerToggles() {
  const { t } = useWords();
  const { layers, toggleLayer } = useView();
  return (
    <div className="toggles">
      {MAP_LAYERS.map((layer) => (
        <label key={layer} className={layers[layer] ? 'is-on' : ''}>
          <input type="checkbox" checked={layers[layer]} onChange={() => toggleLayer(layer)} />
          {t(`layers.${layer}`)}
        </label>
      ))}
    </div>
  );
}
