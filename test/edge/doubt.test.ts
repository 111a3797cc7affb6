import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Delivery, deliveryFrom } from '#edge/delivery.ts';
import { MINUTE, SECOND } from '#twin/units.ts';

const KEEP = 2 * MINUTE;
const REPORT = 2 * SECOND;
const PING = 20 * SECOND;
/** without an answer for so long a link counts as broken */
const PATIENCE = 30 * SECOND;

/**
 * One gateway, its link and its host. What a host hears is kept by it; what is lost on the way nobody is told of. What
 * is on the gateway's disk is what the delivery says is needed, as of its last mark.
 */
class City {
  private now = 10 * MINUTE;
  private delivery = new Delivery(1, KEEP);
  private produced: number[] = [];
  private onDisk: number[] = [];
  private readonly heard = new Set<number>();
  private marked: number | null = null;
  private born = false;
  private dead = false;
  private hostDeaf = false;
  private answered = 0;

  /** So many reports, two seconds apart. */
  live(reports: number): void {
    for (let i = 0; i < reports; i++) {
      this.now += REPORT;
      this.keepAlive();
      this.report();
      this.mark();
    }
  }

  /** The link takes what is sent and carries nothing; nobody is told. */
  die(): void {
    this.dead = true;
  }

  /** Nothing of the gateway runs, with its machine or alone; the broker gives it up meanwhile. */
  freeze(ms: number, saysFirst: boolean): void {
    this.now += ms;
    if (ms > PATIENCE) this.dead = true;
    // a report may be due before the end of the connection is heard of
    if (saysFirst) this.report();
    this.keepAlive();
  }

  /** The host hears nothing though the broker does, until its connection counts as broken: it goes offline then. */
  missAtHost(reports: number): void {
    this.hostDeaf = true;
    this.live(reports);
    this.hostDeaf = false;
    this.break();
  }

  /** A birth; then so many messages of what is owed, and whatever is produced meanwhile. */
  return(messages: number): void {
    if (!this.born) {
      this.dead = false;
      this.born = true;
      this.answered = this.now;
      this.delivery.carried(0, this.now);
    }
    this.replay(messages);
  }

  rebirth(messages: number): void {
    if (!this.born || this.dead) return;
    this.delivery.doubt(0, this.now);
    this.replay(messages);
  }

  /** The gateway is killed and starts anew with what stands in its mark. */
  crash(): void {
    this.born = false;
    const mark = { neededFrom: this.marked, bdSeq: 0, filled: true };
    this.delivery = deliveryFrom({ room: mark }, [{ number: 0, code: 'room' }], 1, KEEP);
  }

  lost(): number[] {
    this.break();
    this.return(Number.POSITIVE_INFINITY);
    return this.produced.filter((time) => !this.heard.has(time));
  }

  private report(): void {
    this.produced.push(this.now);
    this.onDisk.push(this.now);
    if (!this.born) return this.delivery.notSent(0, this.now);
    this.delivery.sent(0, this.now, this.now);
    this.arrive(this.now);
  }

  private arrive(time: number): void {
    if (!this.dead && !this.hostDeaf) this.heard.add(time);
  }

  private keepAlive(): void {
    if (!this.born) return;
    if (!this.dead && this.now - this.answered >= PING) {
      this.answered = this.now;
      this.delivery.carried(0, this.now);
    }
    if (this.now - this.answered >= PATIENCE) this.break();
  }

  private break(): void {
    if (!this.born) return;
    this.born = false;
    this.delivery.doubt(0, this.now);
  }

  private replay(messages: number): void {
    if (!this.delivery.owes(0)) return;
    const { from } = this.delivery.begin(0);
    const due = this.onDisk.filter((time) => time >= from);
    let sent = 0;
    for (; due.length > 0 && sent < messages && this.born; sent++) {
      const some = due.splice(0, 10);
      this.delivery.resent(0, some[0]!, this.now);
      for (const time of some) this.arrive(time);
      if (sent % 4 === 3) this.live(1);
    }
    this.delivery.replayed(0, due.length === 0);
  }

  private mark(): void {
    const needed = this.delivery.neededFrom(0, this.now);
    this.marked = Number.isFinite(needed) ? needed : null;
    const oldest = Math.min(needed, this.now - KEEP);
    this.onDisk = this.onDisk.filter((time) => time >= oldest);
  }
}

const event = fc.oneof(
  fc.integer({ min: 1, max: 120 }).map((reports) => ({
    name: `${reports} reports`,
    happen: (city: City) => city.live(reports),
  })),
  fc.constant({ name: 'the link dies', happen: (city: City) => city.die() }),
  fc.tuple(fc.integer({ min: 1, max: 900 }), fc.boolean()).map(([seconds, first]) => ({
    name: `frozen for ${seconds} s${first ? ', reports first' : ''}`,
    happen: (city: City) => city.freeze(1000 * seconds, first),
  })),
  // a broker gives a host up after one and a half of its minute
  fc.integer({ min: 1, max: 45 }).map((reports) => ({
    name: `the host misses ${reports} reports`,
    happen: (city: City) => city.missAtHost(reports),
  })),
  fc.integer({ min: 0, max: 40 }).map((messages) => ({
    name: `returns, ${messages} messages of replay`,
    happen: (city: City) => city.return(messages),
  })),
  fc.integer({ min: 0, max: 40 }).map((messages) => ({
    name: `born again, ${messages} messages of replay`,
    happen: (city: City) => city.rebirth(messages),
  })),
  fc.constant({ name: 'killed', happen: (city: City) => city.crash() }),
);

const lostAfter = (events: readonly { happen: (city: City) => void }[]): number[] => {
  const city = new City();
  city.return(0);
  for (const { happen } of events) happen(city);
  return city.lost();
};

describe('what a gateway takes for doubtful', () => {
  test('whatever happens to it, its link and its host, everything it produced is heard in the end', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        expect(lostAfter(events)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('what a dead link swallowed before the machine stood still for ten minutes is sent again', () => {
    const lost = lostAfter([
      { happen: (city) => city.live(60) },
      { happen: (city) => city.die() },
      { happen: (city) => city.live(10) },
      { happen: (city) => city.freeze(10 * MINUTE, false) },
    ]);
    expect(lost).toEqual([]);
  });
});
