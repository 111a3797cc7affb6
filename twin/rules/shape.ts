import type { z } from 'zod';
import type { Misfit } from '#twin/yaml/wrongShape.ts';
import { type Problem, problem } from './problem.ts';

/** Why a part of a rule is not as the schema asks. */
export function shapeProblem(misfit: Misfit): Problem {
  const key = misfit.path.filter((part) => typeof part === 'string').at(-1);
  return { ...ofIssue(misfit), ...(key !== undefined && { key }) };
}

function ofIssue({ issue, message, near }: Misfit): Problem {
  switch (issue.code) {
    case 'unrecognized_keys':
      return problem('unknownKey', {}, near);
    case 'invalid_type':
      // zod says what was found in its words only
      if (issue.message.endsWith('received undefined')) return problem('missing', {});
      return problem(EXPECTED[issue.expected as keyof typeof EXPECTED] ?? 'textExpected', {});
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array') return problem('empty', {});
      return problem(issue.inclusive ? 'tooSmall' : 'tooLittle', { least: String(issue.minimum) });
    case 'too_big':
      return problem('tooBig', { most: String(issue.maximum) });
    case 'invalid_value':
      return problem('oneOf', { known: issue.values.join(', ') });
    case 'invalid_union':
      return problem('badQuantity', {});
    case 'invalid_key':
      return problem('badThreshold', {});
    case 'invalid_format':
      return problem('badId', {});
    case 'custom':
      return named(issue) ?? problem('misfit', { detail: message });
    default:
      return problem('misfit', { detail: message });
  }
}

const EXPECTED = {
  string: 'textExpected',
  number: 'numberExpected',
  int: 'wholeNumberExpected',
  boolean: 'yesNoExpected',
  array: 'listExpected',
  object: 'mapExpected',
  record: 'mapExpected',
} as const;

/** The problem that a refinement of the schema names. */
function named({ params }: z.core.$ZodIssueCustom): Problem | null {
  const code = params?.problem as (typeof REFINEMENTS)[number] | undefined;
  return code && REFINEMENTS.includes(code) ? problem(code, {}) : null;
}

const REFINEMENTS = [
  'badDuration',
  'badGroup',
  'badQuantity',
  'whenOrGather',
  'gatherAlone',
  'platformAlone',
  'ifOrAlarm',
  'supportsOrExcludes',
] as const;
