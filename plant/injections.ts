import type { City } from '#sim/city/model.ts';
import { issuesIn } from '#sim/scenario/check.ts';
import { secondsOf } from '#sim/scenario/duration.ts';
import {
  type Course,
  coursesOf,
  describeEvent,
  type EventPlayer,
  eventPlayer,
} from '#sim/scenario/events.ts';
import type { Force } from '#sim/scenario/force.ts';
import type { Issue } from '#sim/scenario/issue.ts';
import type { CityNames } from '#sim/scenario/names.ts';
import { readScenario } from '#sim/scenario/read.ts';
import { nearNames } from '#twin/nearNames.ts';
import { SECOND } from '#twin/units.ts';
import type { FieldFault } from '#twin/wire/fieldbus.ts';

/** A scenario that cannot be injected, with every mistake in its text. */
export class InjectionError extends Error {
  constructor(readonly issues: readonly Issue[]) {
    super('the scenario cannot be injected');
  }
}

/** An injected scenario as it is kept over a restart. Times in ms since epoch. */
export interface KeptInjection {
  id: string;
  name: { zh: string; en: string };
  since: number;
  until: number;
  courses: Course[];
  log: { time: number; text: string }[];
}

type Injection = KeptInjection & { player: EventPlayer };

/** The scenarios that somebody has let loose on the plant. */
export class Injections {
  private all: Injection[] = [];
  private count = 0;

  /** @param names what a scenario can name here */
  constructor(
    private readonly city: City,
    private readonly force: Force,
    private readonly names: CityNames,
  ) {}

  /** Takes up what was in force before a restart. */
  resume(kept: readonly KeptInjection[]): void {
    for (const one of kept) {
      this.all.push(this.playing(one));
      this.count = Math.max(this.count, Number(one.id.slice(1)));
    }
  }

  /**
   * Lets the events of a scenario happen, their times counted from the city's; all is over when its length has passed.
   * @param atOnce the first event begins now
   * @throws InjectionError
   */
  inject(text: string, atOnce: boolean): FieldFault {
    const read = readScenario(text);
    const { scenario, sound, lineOf } = read;
    const wrong = issuesIn(read, this.names);
    sound?.events.forEach((event, i) => {
      if (event.do !== 'room-fault' || event.fault !== 'clock-wrong') return;
      const path = ['events', i, 'fault'];
      wrong.push({ line: lineOf(path), path, message: "the clock is the gateway's: the plant has none" });
    });
    if (wrong.length === 0 && scenario?.events.length === 0)
      wrong.push({
        line: lineOf(['name']),
        path: ['events'],
        message: 'there is none: nothing would happen',
      });
    if (!scenario || wrong.length > 0) throw new InjectionError(wrong);
    const waits = scenario.events.map(({ at }) => (at === undefined ? 0 : secondsOf(at)!));
    const start = this.city.time - (atOnce ? Math.min(...waits) * SECOND : 0);
    const injection = this.playing({
      id: `F${++this.count}`,
      name: scenario.name,
      since: this.city.time,
      until: start + secondsOf(scenario.length)! * SECOND,
      courses: coursesOf(scenario.events, start),
      log: [],
    });
    this.all.push(injection);
    injection.player.play();
    return told(injection);
  }

  /** Once a second, before the city moves. @returns whether anything has begun or ended */
  play(): boolean {
    let changed = false;
    for (const injection of this.all) {
      if (injection.player.play()) changed = true;
      if (this.city.time < injection.until) continue;
      injection.player.stop();
      changed = true;
    }
    if (changed) this.all = this.all.filter(({ courses }) => courses.some(({ phase }) => phase !== 'over'));
    return changed;
  }

  /** @throws RangeError when nothing of that id is in force */
  clear(id: string): void {
    const injection = this.all.find((one) => one.id === id);
    if (!injection) {
      const ids = this.all.map((one) => one.id);
      const near = nearNames(id, ids);
      throw new RangeError(
        `there is no ${id}; ${ids.length === 0 ? 'nothing is injected' : `in force: ${(near.length > 0 ? near : ids).join(', ')}`}`,
      );
    }
    injection.player.stop();
    this.all = this.all.filter((one) => one !== injection);
  }

  list(): FieldFault[] {
    return this.all.map(told);
  }

  /** What has to be kept so that a restart goes on with it. */
  kept(): KeptInjection[] {
    return this.all.map(({ player: _, ...kept }) => kept);
  }

  private playing(kept: KeptInjection): Injection {
    const note = (text: string) => kept.log.push({ time: this.city.time, text });
    return { ...kept, player: eventPlayer(this.city, this.force, kept.courses, note) };
  }
}

function told({ id, name, since, until, courses, log }: KeptInjection): FieldFault {
  const events = courses.map((course) => ({
    text: describeEvent(course.event),
    phase: course.phase,
    from: course.from,
    until: course.until,
  }));
  return { id, name, since, until, events, log };
}
