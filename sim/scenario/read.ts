import { BinaryError, decodeText } from '#twin/text/decode.ts';
import { readYaml } from '#twin/yaml/located.ts';
import { misfitsOf } from '#twin/yaml/wrongShape.ts';
import { besides, type Issue, type LineOf } from './issue.ts';
import { type Scenario, scenarioSchema } from './schema.ts';
import { soundPart } from './soundPart.ts';
import { checkTimes } from './times.ts';

export interface ScenarioText {
  /** null when anything is wrong */
  scenario: Scenario | null;
  issues: Issue[];
  lineOf: LineOf;
  /**
   * What can be understood although something is wrong, for looking at the rest too: what an issue is about is
   * neutral in it. Null when the whole is no scenario.
   */
  sound: Scenario | null;
}

const MEGA = 1e6;
/** The longest shipped one has two thousand bytes. */
const LARGEST = 1 * MEGA;
const LONGEST_MESSAGE = 400;

/** Reads a scenario; all that is wrong with it at once. Text in UTF-8, UTF-16 or GBK. */
export function readScenario(source: string | Uint8Array): ScenarioText {
  if (source.length > LARGEST)
    return unreadable(
      `the file has ${(source.length / MEGA).toFixed(1)} MB; a scenario has at most ${LARGEST / MEGA} MB`,
    );
  try {
    return readText(typeof source === 'string' ? source.replace(/^\uFEFF/, '') : decodeText(source));
  } catch (error) {
    if (error instanceof BinaryError) return unreadable(error.message, error.line);
    throw error;
  }
}

function readText(text: string): ScenarioText {
  const { value, problems, placeOf } = readYaml(text);
  const lineOf: LineOf = (path) => placeOf(path).line;
  if (problems.length > 0) {
    const issues = problems.map(({ at, message }) => ({ line: at.line, path: [], message }));
    return { scenario: null, issues, lineOf, sound: null };
  }
  if (value === null || value === undefined) return unreadable('the file is empty', 1);
  const parsed = scenarioSchema.safeParse(value);
  const misfits = parsed.success ? [] : misfitsOf(parsed.error, scenarioSchema);
  const sound = parsed.success ? parsed.data : soundPart(value, misfits);
  const issues = misfits.map(({ path, message }) => ({
    line: lineOf(path),
    path,
    message: shortened(message),
  }));
  if (sound) issues.push(...besides(checkTimes(sound, lineOf), issues));
  return { scenario: parsed.success && issues.length === 0 ? parsed.data : null, issues, lineOf, sound };
}

function unreadable(message: string, line = 0): ScenarioText {
  return { scenario: null, issues: [{ line, path: [], message }], lineOf: () => line, sound: null };
}

/** What somebody wrote is repeated in messages, however long it is. */
function shortened(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}
