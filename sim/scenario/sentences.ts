import { type AlarmExpectation, parseAlarmExpectation } from './alarmStatement.ts';
import { type Expectation, GrammarError, parseExpectation } from './statement.ts';

/** The sentences of an expectation, parted by semicolons. */
export function sentencesOf(that: string): string[] {
  return that
    .split(';')
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

/** One expectation per sentence, each with the window of all. */
export function expectedOf<Expected extends { that: string }>(expect: readonly Expected[]): Expected[] {
  return expect.flatMap((one) => sentencesOf(one.that).map((that) => ({ ...one, that })));
}

/** What each sentence says, of alarms or of values. @throws GrammarError with all that is wrong */
export function parseSentences(that: string): (AlarmExpectation | Expectation)[] {
  const wrong: string[] = [];
  const parsed = sentencesOf(that).flatMap((sentence) => {
    try {
      return [parseAlarmExpectation(sentence) ?? parseExpectation(sentence)];
    } catch (error) {
      if (!(error instanceof GrammarError)) throw error;
      wrong.push(error.message);
      return [];
    }
  });
  if (wrong.length > 0) throw new GrammarError(wrong.join('; '));
  if (parsed.length === 0) throw new GrammarError('it says nothing');
  return parsed;
}
