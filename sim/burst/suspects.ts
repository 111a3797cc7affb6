import type { Fit } from './fit.ts';
import type { ZoneMains } from './zoneMains.ts';

/** Mains in one stretch of which one has likely burst: within it they cannot be told apart. */
export interface Suspect {
  /** ids, the most suspected first */
  mains: string[];
  /** of all of them, m */
  length: number;
  /** largest of them, mm */
  dn: number;
  /** in [0, 1] */
  confidence: number;
  /** m³/h that break out if it is there */
  flow: number;
}

/** What the fall of pressure in a zone comes of, as far as it can be told. */
export interface Localisation {
  suspects: Suspect[];
  /** that nothing broke and the source gives too little, in [0, 1] */
  source: number;
  /** by how much the head of the source fell then, MPa */
  sourceDrop: number;
  /** rooms whose pressure was asked */
  rooms: number;
}

/** Errors of rooms that stand side by side are alike: so much of what they say together counts. */
const COUNTS = 0.45;
/** How much likelier a source that gives too little is than any burst, when both explain alike. */
const SIMPLER = 3;
/** A main belongs to the stretch of its neighbour when it is at least so likely, per metre. */
const ALIKE = 0.4;
const MOST_SUSPECTS = 3;
/** What is less likely is not worth a crew. */
const LEAST = 0.03;

/**
 * Ranks stretches of mains. Before anything is seen each metre of main is as likely to burst as another. A burst whose
 * flow is free explains whatever a source that gives too little does: of two that explain alike the simpler is likelier.
 */
export function rankSuspects(
  zone: ZoneMains,
  fits: ReadonlyMap<number, Fit>,
  source: Fit,
): Pick<Localisation, 'suspects' | 'source'> {
  const best = Math.min(source.cost, ...[...fits.values()].map(({ cost }) => cost));
  const likelihood = ({ cost }: Fit) => Math.exp(-COUNTS * (cost - best));
  const at = (node: number) => {
    const fit = fits.get(node);
    return fit ? likelihood(fit) : 0;
  };
  const perMetre = zone.mains.map(({ from, to }) => (at(from) + at(to)) / 2);
  const length = zone.mains.reduce((sum, main) => sum + main.length, 0);
  const weights = zone.mains.map((main, i) => (perMetre[i]! * main.length) / length);
  const sourceWeight = SIMPLER * likelihood(source);
  const all = weights.reduce((sum, weight) => sum + weight, sourceWeight);
  const suspects: Suspect[] = [];
  const taken = new Set<number>();
  while (suspects.length < MOST_SUSPECTS) {
    const stretch = nextStretch(zone, perMetre, taken);
    const confidence = stretch.reduce((sum, main) => sum + weights[main]!, 0) / all;
    if (stretch.length === 0 || confidence < LEAST) break;
    const { from, to } = zone.mains[stretch[0]!]!;
    suspects.push({
      mains: stretch.map((main) => zone.mains[main]!.id),
      length: stretch.reduce((sum, main) => sum + zone.mains[main]!.length, 0),
      dn: Math.max(...stretch.map((main) => zone.mains[main]!.dn)),
      confidence,
      flow: (fits.get(from) ?? fits.get(to))!.flow,
    });
  }
  suspects.sort((a, b) => b.confidence - a.confidence);
  return { suspects, source: sourceWeight / all };
}

/** The likeliest main that is left and what hangs together with it and is about as likely. */
function nextStretch({ mains, at }: ZoneMains, perMetre: readonly number[], taken: Set<number>): number[] {
  let first = -1;
  let most = 0;
  perMetre.forEach((likely, main) => {
    if (likely <= most || taken.has(main)) return;
    first = main;
    most = likely;
  });
  if (first < 0) return [];
  const stretch = new Set([first]);
  for (const main of stretch)
    for (const node of [mains[main]!.from, mains[main]!.to])
      for (const other of at[node]!)
        if (!taken.has(other) && perMetre[other]! >= ALIKE * most) stretch.add(other);
  for (const main of stretch) taken.add(main);
  return [...stretch].sort((a, b) => perMetre[b]! - perMetre[a]!);
}
