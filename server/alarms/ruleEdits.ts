import type { Database } from '../database/database.ts';

/** One version of a rule that somebody wrote. */
export interface RuleEdit {
  rule: string;
  version: number;
  /** null: the library's again */
  yaml: string | null;
  /** as typed, not verified */
  author: string;
  reason: string;
  /** ms since epoch */
  time: number;
}

const COLUMNS = 'rule, version, yaml, author, reason, time';

const editOf = (row: RuleEdit): RuleEdit => ({ ...row, time: Number(row.time) });

/** The newest version of every rule that was ever edited. */
export async function newestEdits(database: Database): Promise<RuleEdit[]> {
  const { rows } = await database.query<RuleEdit>(
    `SELECT DISTINCT ON (rule) ${COLUMNS} FROM alarm_rule_edit ORDER BY rule, version DESC`,
  );
  return rows.map(editOf);
}

/** The newest text of every rule that was ever edited, also of those taken away since. */
export async function newestTexts(database: Database): Promise<Map<string, string>> {
  const { rows } = await database.query<{ rule: string; yaml: string }>(
    `SELECT DISTINCT ON (rule) rule, yaml FROM alarm_rule_edit WHERE yaml IS NOT NULL
     ORDER BY rule, version DESC`,
  );
  return new Map(rows.map(({ rule, yaml }) => [rule, yaml]));
}

/** Every version of a rule, newest first. */
export async function editsOf(database: Database, rule: string): Promise<RuleEdit[]> {
  const { rows } = await database.query<RuleEdit>(
    `SELECT ${COLUMNS} FROM alarm_rule_edit WHERE rule = $1 ORDER BY version DESC`,
    [rule],
  );
  return rows.map(editOf);
}

/** Writes a version; false when there is one of that number already. */
export async function addEdit(database: Database, edit: RuleEdit): Promise<boolean> {
  const { rule, version, yaml, author, reason, time } = edit;
  const { rowCount } = await database.query(
    `INSERT INTO alarm_rule_edit (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [rule, version, yaml, author, reason, time],
  );
  return rowCount > 0;
}
