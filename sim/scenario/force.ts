import type { Circumstances, City } from '#sim/city/model.ts';
import { lookOut } from '#sim/city/step.ts';
import { SECOND } from '#twin/units.ts';
import { findFor, layerOf } from './cityLayer.ts';
import type { Layer } from './layer.ts';
import type { ScenarioEvent } from './schema.ts';

/** An event in force, as plain data: saved with the city it acts on. Times in ms since epoch. */
export interface Standing {
  event: ScenarioEvent;
  since: number;
  /** where a frozen transmitter stands */
  found: number;
}

/** The events in force on a city. */
export interface Force {
  readonly standing: readonly Standing[];
  /** codes of stations that hear no command */
  readonly offline: ReadonlySet<string>;
  /** Lets an event begin at the city's time. */
  begin: (event: ScenarioEvent) => Standing;
  /** Takes up one that began before, in a city that was restored with its mark on it. */
  resume: (standing: Standing) => void;
  end: (standing: Standing) => void;
  /** Once a second, before the city moves. @param moved the base has changed */
  refresh: (moved?: boolean) => void;
}

/**
 * Puts events on a city as layers, in the order in which they began. What is in force is worked out anew from the
 * base whenever one begins or ends, so that events on one place neither hide nor outlive each other.
 *
 * @param base the circumstances without any event; the caller may change them
 */
export function force(city: City, base: Circumstances): Force {
  const offline = new Set<string>();
  let inForce: { standing: Standing; layer: Layer }[] = [];
  const layAll = () => {
    for (const { layer } of inForce) layer.lift();
    for (const { standing, layer } of inForce) layer.lay((city.time - standing.since) / SECOND);
  };
  const changed = () => {
    layAll();
    lookOut(city);
    city.upset = true;
  };
  const resume = (standing: Standing) => {
    inForce.push({ standing, layer: layerOf(city, base, standing.event, standing.found, offline) });
    changed();
  };
  return {
    get standing() {
      return inForce.map(({ standing }) => standing);
    },
    offline,
    begin: (event) => {
      const standing = { event, since: city.time, found: findFor(city, event) };
      resume(standing);
      return standing;
    },
    resume,
    end: (over) => {
      const found = inForce.find(({ standing }) => standing === over);
      if (!found) return;
      found.layer.lift();
      inForce = inForce.filter((one) => one !== found);
      changed();
    },
    refresh: (moved = false) => {
      if (moved || inForce.some(({ layer }) => layer.moving)) layAll();
    },
  };
}

/** The circumstances of a city as they are, apart from it. */
export function copyCircumstances(now: Circumstances): Circumstances {
  return {
    power: now.power.slice(),
    demand: now.demand.slice(),
    chlorine: now.chlorine.slice(),
    leak: now.leak.slice(),
    speed: now.speed.slice(),
    whole: now.whole.slice(),
  };
}
