import type { Misfit } from '#twin/yaml/wrongShape.ts';
import { type Scenario, scenarioSchema } from './schema.ts';

/** Entries of lists that ask for nothing and name nothing. */
const NEUTRAL: Readonly<Record<string, unknown>> = {
  events: { do: 'heat-wave', at: '0 s', factor: 1, warmer: 0 },
  watch: 'P_IN of all',
  expect: { that: 'at most 5 annunciations in any 10 min' },
};
/** Stand for what every scenario has to say. */
const NEEDED: Readonly<Record<string, unknown>> = {
  name: { zh: '无', en: 'None' },
  teaches: { zh: '无'.repeat(20), en: 'None'.repeat(10) },
  length: '400 d',
  expect: [NEUTRAL.expect],
};

/**
 * A scenario of what is well in a file: what is wrong is left out, or neutral where something has to stand, so that
 * the rest keeps its place and can be looked at for its own mistakes.
 */
export function soundPart(value: unknown, misfits: readonly Misfit[]): Scenario | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const sound = structuredClone(value) as Record<string, unknown>;
  for (const { path, issue } of misfits) {
    const [part, entry] = path;
    if (part === undefined) continue;
    const list = sound[part];
    if (issue.code === 'unrecognized_keys') drop(sound, path);
    else if (typeof entry === 'number' && Array.isArray(list) && Object.hasOwn(NEUTRAL, part))
      list[entry] = NEUTRAL[part];
    else if (Object.hasOwn(NEEDED, part)) sound[part] = NEEDED[part];
    else delete sound[part];
  }
  if (sound.city === 'none' && sound.network === undefined) delete sound.city;
  if ((sound.start === undefined) === (sound.saved === undefined)) {
    sound.start = '2026-01-01 00:00';
    delete sound.saved;
  }
  return scenarioSchema.safeParse(sound).data ?? null;
}

/** Takes a key away from where a path leads, if it still leads there. */
function drop(from: unknown, path: Misfit['path']): void {
  let at = from;
  for (const part of path.slice(0, -1)) at = (at as Record<string, unknown> | undefined)?.[part];
  if (typeof at === 'object' && at !== null) delete (at as Record<string, unknown>)[path.at(-1)!];
}
