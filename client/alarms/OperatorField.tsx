import { Input } from 'antd';
import { useWords } from '../i18n/i18n.ts';
import { useOperator } from './operator.ts';

/** Who acts: typed once, kept in the browser, stored with every action as not verified. */
export function OperatorField() {
  const { t } = useWords();
  const { name, setName } = useOperator();
  return (
    <div className="operator" title={t('alarms.whoHint')}>
      <span>{t('alarms.who')}</span>
      <Input
        size="small"
        value={name}
        maxLength={60}
        aria-label={t('alarms.who')}
        placeholder={t('alarms.whoHint')}
        onChange={(event) => setName(event.target.value)}
      />
    </div>
  );
}
