import { HOUR, MINUTE } from '#twin/units.ts';

/** Times that a gateway stated from `since` on (ms since epoch, as stated) are `ahead` ms later than it was. */
export interface ClockStep {
  since: number;
  ahead: number;
  /** the last times so stated that were heard live: what a gateway may send again once its clock is right */
  heard?: number[];
}

/** Further ahead than this a gateway's clock is wrong, not early. */
export const FUTURE_MS = 5 * MINUTE;
/** What a step seems to be differs by what a message takes; a message that took longer makes it seem less. */
const TOLERANCE_MS = 5000;
const LONGEST_WAY_MS = HOUR;
/** With a step that is hardly above `FUTURE_MS`, some messages seem to be in time. */
const SHORTER_MS = 10_000;
const MOST_STEPS = 8;
/** Longer than gateways send again what they sent, and a report a second of that. */
const HEARD_MS = 3 * MINUTE;
const MOST_HEARD = 200;
/** No `Date` is later. */
const LAST_TIME = 8.64e15;

/**
 * How far one gateway's clock is or was ahead. A step is estimated once, from the first live value that shows it, and
 * kept while others agree: whatever states the same time comes to the same time, when first heard and when replayed.
 */
export class StationClock {
  /** by `since` */
  readonly steps: ClockStep[];
  private present: ClockStep | undefined;
  /** since when it has been heard to be right, ms since epoch */
  private rightSince: number | undefined;

  constructor(steps: readonly ClockStep[] = []) {
    this.steps = [...steps];
  }

  /** Looks at the newest time that the live values of a message state; true when what is to be kept has changed with it. */
  hears(stated: number, now: number): boolean {
    const ahead = stated - now;
    const known = this.stepAt(stated);
    const agrees = (step: ClockStep, shorter: number) =>
      ahead <= step.ahead + TOLERANCE_MS && ahead > step.ahead - shorter;
    if (!(ahead > FUTURE_MS)) {
      if (!this.present) return this.isRight(now);
      if (agrees(this.present, SHORTER_MS)) note(this.present, stated);
      else this.present = undefined;
      return !this.present;
    }
    if (stated > LAST_TIME) return false;
    this.rightSince = undefined;
    this.present = known && agrees(known, LONGEST_WAY_MS) ? known : undefined;
    if (this.present) {
      note(this.present, stated);
      return false;
    }
    this.present = { since: stated, ahead, heard: [stated] };
    this.enter(this.present);
    return true;
  }

  /** When it was that the gateway says was `stated`; NaN when that is ahead and nothing is known of its clock. */
  timeOf(stated: number, now: number, historical: boolean): number {
    if (stated > now + FUTURE_MS) {
      const step = this.stepAt(stated);
      return step ? stated - step.ahead : Number.NaN;
    }
    const { present } = this;
    // real time may have come to what it stated then, and the same gateway have stated it rightly since: the very times decide
    const again = historical ? this.steps.find(({ heard }) => heard?.includes(stated)) : undefined;
    if (again) return stated - again.ahead;
    const ofPresent =
      present && (historical ? stated >= present.since : stated - now > present.ahead - SHORTER_MS);
    return ofPresent ? stated - present.ahead : stated;
  }

  /**
   * A gateway that is right for longer than it sends again sends none of the times that it stated wrongly any more: from
   * then on what it states is when it was.
   */
  private isRight(now: number): boolean {
    this.rightSince ??= now;
    if (now - this.rightSince < HEARD_MS) return false;
    const doubtful = this.steps.filter(({ heard }) => heard);
    for (const step of doubtful) delete step.heard;
    return doubtful.length > 0;
  }

  /** The last step before `stated`; of a time before all steps the first: its gateway was heard later than it began. */
  private stepAt(stated: number): ClockStep | undefined {
    return this.steps.findLast(({ since }) => since <= stated) ?? this.steps[0];
  }

  private enter(step: ClockStep): void {
    const kept = this.steps.filter(({ since }) => since !== step.since);
    kept.push(step);
    kept.sort((a, b) => a.since - b.since);
    this.steps.splice(0, this.steps.length, ...kept.slice(-MOST_STEPS));
  }
}

function note(step: ClockStep, stated: number): void {
  const heard = [...(step.heard ?? []), stated].filter((time) => time > stated - HEARD_MS);
  step.heard = heard.slice(-MOST_HEARD);
}
