import { useMemo, useState } from 'react';
import type { TemplatePoint } from '#twin/catalogue/template.ts';
import { useWords } from '../i18n/i18n.ts';
import { FilterField } from '../panels/FilterField.tsx';
import { PointHover } from './PointHover.tsx';
import { PointRow } from './PointRow.tsx';
import { pointGroups } from './pointGroups.ts';
import type { StationValues } from './values.ts';
import './points.css';

/** Every point of the station, grouped: value, unit, age and quality; the rest of what is known on hover or focus. */
export function PointsTable({ values }: { values: StationValues }) {
  const { t, local } = useWords();
  const [text, setText] = useState('');
  const [hover, setHover] = useState<{ point: TemplatePoint; top: number; left: number } | null>(null);
  const groups = useMemo(() => pointGroups(values.template), [values.template]);
  const wanted = text.trim().toLowerCase();
  const fits = (point: TemplatePoint) =>
    wanted === '' || `${point.name} ${point.zh} ${point.en}`.toLowerCase().includes(wanted);
  return (
    <div className="points">
      <FilterField label={t('station.filterPoints')} value={text} onChange={setText} />
      <table>
        <thead>
          <tr>
            <th>{t('column.point')}</th>
            <th className="is-number">{t('column.value')}</th>
            <th className="is-unit" />
            <th className="is-number">{t('column.age')}</th>
            <th>{t('column.quality')}</th>
          </tr>
        </thead>
        {groups.map(({ key, points }) => {
          const shown = points.filter(fits);
          return (
            shown.length > 0 && (
              <tbody key={key}>
                <tr className="group-row">
                  <th colSpan={5}>
                    {t(`group.${key}`)} <small>{shown.length}</small>
                  </th>
                </tr>
                {shown.map((point) => (
                  <PointRow
                    key={point.name}
                    values={values}
                    point={point}
                    label={local(point)}
                    onHover={(element) => {
                      const box = element?.getBoundingClientRect();
                      setHover(box ? { point, top: box.bottom, left: box.left } : null);
                    }}
                  />
                ))}
              </tbody>
            )
          );
        })}
      </table>
      {hover && <PointHover values={values} {...hover} />}
    </div>
  );
}
