import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { RuleEntryText, RuleIssueText } from '#twin/wire/rules.ts';
import type { Naming } from '../alarms/names.ts';
import { useOperator } from '../alarms/operator.ts';
import { useWords } from '../i18n/i18n.ts';
import { Backtest } from './Backtest.tsx';
import { idIn, idTaken } from './newRule.ts';
import { useRuleProblems } from './problems.ts';
import { backToLibrary, forgetRules, ruleCheckQuery, saveRule } from './queries.ts';
import { Source } from './RulesTab.tsx';
import { ScenarioBacktest } from './ScenarioBacktest.tsx';
import { Thresholds } from './Thresholds.tsx';
import { Versions } from './Versions.tsx';

/** A text is checked when nothing has been typed for so long, ms. */
const PAUSE = 400;

interface Props {
  rule: RuleEntryText;
  /** of all rules: a new one needs another */
  ids: ReadonlySet<string>;
  naming: Naming;
  onAdded(id: string): void;
}

/** One rule: its text with what is wrong in it, what it would have raised, and how it is saved. */
export function RuleEditor({ rule, ids, naming, onAdded }: Props) {
  const { t, local } = useWords();
  const client = useQueryClient();
  const { refusal } = useRuleProblems();
  const by = useOperator((operator) => operator.name).trim();
  const [text, setText] = useState(rule.yaml);
  const [reason, setReason] = useState('');
  const [said, setSaid] = useState<{ text: string; wrong: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const [tries, setTries] = useState({ history: 0, scenarios: 0 });
  const isNew = rule.version === 0;
  const removed = rule.source === 'removed';
  const id = isNew ? (idIn(text)?.id ?? rule.id) : rule.id;
  const typed = text !== rule.yaml;
  const changed = typed || isNew || removed;
  const settled = usePaused(text);
  const check = useQuery({ ...ruleCheckQuery(id, settled), enabled: changed });
  const found = changed ? (check.data?.issues ?? []) : rule.problems;
  const issues = isNew ? [...idTaken(text, ids), ...found] : found;
  const checked = !changed || (settled === text && check.data !== undefined);

  const attempt = async (work: () => Promise<string>) => {
    if (by === '') return setSaid({ text: t('alarms.whoMissing'), wrong: true });
    setBusy(true);
    try {
      setSaid({ text: await work(), wrong: false });
      setReason('');
    } catch (error) {
      setSaid({ text: t('rules.failed', { reason: refusal(error, id) }), wrong: true });
    } finally {
      setBusy(false);
      await forgetRules(client);
    }
  };
  const given = reason.trim();
  const mayBack = !busy && given !== '' && rule.source !== 'library';
  const maySave = !busy && given !== '' && changed && checked && issues.length === 0;
  const save = () =>
    attempt(async () => {
      const body = { yaml: text, base: rule.version, by, reason: given };
      const { version } = await saveRule(id, body);
      if (isNew) {
        await forgetRules(client);
        onAdded(id);
      }
      return t('rules.saved', { version });
    });
  const back = () =>
    attempt(async () => {
      await backToLibrary(rule.id, { base: rule.version, by, reason: given });
      return t(rule.source === 'added' ? 'rules.removeDone' : 'rules.backDone');
    });
  const trial = { rule: id, text, usable: checked && issues.length === 0, naming };
  // what was saved, here or elsewhere, is what is edited from now on
  useEffect(() => setText(rule.yaml), [rule.yaml]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that are pressed in its fields
    <section
      className="rule"
      onKeyDown={(event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        if (event.key === 's') {
          event.preventDefault();
          if (maySave) save();
        } else if (event.key === 'Enter') {
          const kind = event.shiftKey ? 'scenarios' : 'history';
          setTries({ ...tries, [kind]: tries[kind] + 1 });
        }
      }}
    >
      <header className="rule-head">
        <h1>{isNew ? t('rules.addTitle') : rule.name ? local(rule.name) : rule.id}</h1>
        <code>{id}</code>
        {!isNew && (
          <>
            <Source rule={rule} />
            <span>
              {t('rules.version', { version: rule.version })} ·{' '}
              {rule.time === null ? rule.author : t('rules.by', { name: rule.author })}
            </span>
          </>
        )}
      </header>
      {isNew && <p className="alarm-keys">{t('rules.addHint')}</p>}
      {!rule.inForce && (
        <p className="rule-warning">{t(removed ? 'rules.removedHint' : 'rules.notInForceHint')}</p>
      )}
      <TextField text={text} issues={issues} own={id} onChange={setText} />
      <Issues issues={issues} own={id} checked={checked} />
      <div className="rule-save">
        <Input
          value={reason}
          maxLength={300}
          placeholder={t('rules.reason')}
          aria-label={t('rules.reason')}
          onChange={(event) => setReason(event.target.value)}
        />
        <button type="button" className="button is-primary" disabled={!maySave} onClick={save}>
          {t(removed ? 'rules.restore' : 'rules.save')}
        </button>
        <button type="button" className="button" disabled={!typed || busy} onClick={() => setText(rule.yaml)}>
          {t('rules.undo')}
        </button>
        {!isNew && !removed && (
          <button type="button" className="button" disabled={!mayBack} onClick={back}>
            {t(rule.source === 'added' ? 'rules.remove' : 'rules.back')}
          </button>
        )}
        {said && <output className={said.wrong ? 'is-wrong' : ''}>{said.text}</output>}
      </div>
      <p className="alarm-keys">{t('rules.keys')}</p>
      {!isNew && rule.inForce && <Thresholds rule={rule} naming={naming} />}
      <Backtest {...trial} tries={tries.history} />
      <ScenarioBacktest {...trial} tries={tries.scenarios} />
      {!isNew && <Versions rule={rule.id} text={text} onTake={setText} />}
    </section>
  );
}

/** The text with its line numbers; lines with something wrong are marked. */
function TextField({
  text,
  issues,
  own,
  onChange,
}: {
  text: string;
  issues: readonly RuleIssueText[];
  own: string;
  onChange(text: string): void;
}) {
  const { t } = useWords();
  const gutter = useRef<HTMLOListElement>(null);
  const wrong = new Set(issues.filter(({ rule }) => rule === own).map(({ line }) => line));
  const lines = text.split('\n').length;
  return (
    <div className="rule-text">
      <ol ref={gutter} aria-hidden>
        {Array.from({ length: lines }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <li key={i} className={wrong.has(i + 1) ? 'is-wrong' : ''}>
            {i + 1}
          </li>
        ))}
      </ol>
      <textarea
        value={text}
        rows={Math.min(24, Math.max(10, lines))}
        wrap="off"
        spellCheck={false}
        aria-label={t('rules.text')}
        aria-invalid={issues.length > 0}
        onChange={(event) => onChange(event.target.value)}
        onScroll={(event) => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
}

function Issues({
  issues,
  own,
  checked,
}: {
  issues: readonly RuleIssueText[];
  own: string;
  checked: boolean;
}) {
  const { t } = useWords();
  const { placed } = useRuleProblems();
  if (!checked) return <p className="rule-issues">{t('rules.checking')}</p>;
  if (issues.length === 0) return <p className="rule-issues is-good">{t('rules.valid')}</p>;
  return (
    <ul className="rule-issues" role="status">
      {issues.map((issue) => (
        <li key={`${issue.rule} ${issue.line} ${issue.column} ${issue.message}`}>{placed(issue, own)}</li>
      ))}
    </ul>
  );
}

/** A text that has been the same for a moment. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}
