import type { HydraulicOptions, Network } from './model.ts';

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
      ...defaultOptions(),
      trials: 100,
      accuracy: 0.0005,
      unbalanced: { stop: false, extraTrials: 10 },
      requiredPressure: 14,
    },
    coordinates: new Map(),
    vertices: new Map(),
  };
}

/** What an EPANET file means that says nothing (EPANET 2.2 User Manual, appendix C, section [OPTIONS]). */
export function defaultOptions(): HydraulicOptions {
  return {
    headloss: 'H-W',
    viscosity: 1,
    specificGravity: 1,
    trials: 200,
    accuracy: 0.001,
    headError: 0,
    flowChange: 0,
    unbalanced: { stop: true },
    demandMultiplier: 1,
    emitterExponent: 0.5,
    checkFrequency: 2,
    maxCheck: 10,
    dampLimit: 0,
    demandModel: 'DDA',
    minimumPressure: 0,
    requiredPressure: 0,
    pressureExponent: 0.5,
  };
}
