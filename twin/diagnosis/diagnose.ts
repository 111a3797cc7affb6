/** Which of the causes that a rule knows has most to say for itself. */

export interface Said {
  zh: string;
  en: string;
}

/** Something that speaks for or against a cause. */
export interface Sign {
  says: Said;
  /** how sure the cause is by this sign alone, in (0, 1] */
  supports?: number | undefined;
  /** how sure it is by this sign alone that the cause is another one, in (0, 1] */
  excludes?: number | undefined;
}

/** A cause that a rule knows. */
export interface Candidate {
  cause: Said;
  remedy: Said;
  /** how often it is this one while nothing speaks for any, in [0, 1) */
  prior: number;
  signs: readonly Sign[];
}

/** Whether a sign holds; null: not known. */
export type Holds = boolean | null;

/** A cause with what spoke for and against it. */
export interface Diagnosis {
  cause: Said;
  remedy: Said;
  /** in [0, 1] */
  confidence: number;
  signs: { says: Said; excludes: boolean; holds: Holds }[];
}

/**
 * Ranks causes, the most likely first; what is equally likely stays in its order. Signs are taken for independent: each
 * that holds leaves a cause the part of the doubt that it does not remove ("noisy or"; J. Pearl, Probabilistic Reasoning
 * in Intelligent Systems, 1988, 4.3.2), and each that excludes it takes its part of what there is. What is not known
 * says nothing.
 * @param holds by candidate and sign
 */
export function diagnose(
  candidates: readonly Candidate[],
  holds: (candidate: number, sign: number) => Holds,
): Diagnosis[] {
  const ranked = candidates.map(({ cause, remedy, prior, signs }, i) => {
    let doubt = 1 - prior;
    let left = 1;
    const looked = signs.map(({ says, supports, excludes }, k) => {
      const held = holds(i, k);
      if (held) {
        doubt *= 1 - (supports ?? 0);
        left *= 1 - (excludes ?? 0);
      }
      return { says, excludes: excludes !== undefined, holds: held };
    });
    return { cause, remedy, confidence: (1 - doubt) * left, signs: looked };
  });
  return ranked.sort((a, b) => b.confidence - a.confidence);
}
