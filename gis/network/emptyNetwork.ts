import type { Network } from './model.ts';

/**
 * A network without elements, to be filled: a day in hours from midnight, Hazen-Williams, demands delivered whatever the
 * pressure (where it counts, in full from 14 m on); a step that does not balance in its trials goes on.
 */
export function emptyNetwork(title: string): Network {
  return {
    title,
    nodes: [],
    links: [],
    patterns: [],
    curves: [],
    controls: [],
    rules: [],
    times: {
      duration: 86_400,
      hydraulicStep: 3600,
      patternStep: 3600,
      patternStart: 0,
      reportStep: 3600,
      reportStart: 0,
      ruleStep: 360,
      startClockTime: 0,
    },
    options: {
      headloss: 'H-W',
      viscosity: 1,
      specificGravity: 1,
      trials: 100,
      accuracy: 0.0005,
      headError: 0,
      flowChange: 0,
      unbalanced: { stop: false, extraTrials: 10 },
      demandMultiplier: 1,
      emitterExponent: 0.5,
      checkFrequency: 2,
      maxCheck: 10,
      dampLimit: 0,
      demandModel: 'DDA',
      minimumPressure: 0,
      requiredPressure: 14,
      pressureExponent: 0.5,
    },
    coordinates: new Map(),
    vertices: new Map(),
  };
}
