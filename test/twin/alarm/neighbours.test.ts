import { describe, expect, it } from 'vitest';
import { City, GOOD_DAY } from './aCity.ts';
import { aRule, rulesOf } from './timeline.ts';

/** A room is told of when it alone is low: half of its zone is somebody else's matter. */
const alone = rulesOf(aRule({ when: 'P_IN < 0.1 MPa and neighbours(P_IN < 0.1 MPa) < 0.5', for: '4 s' }));
const low = (city: City, rooms: readonly number[]) => {
  for (const i of rooms) city.set(city.rooms[i]!.code, { P_IN: 0.05 });
};

describe('neighbours of a room', () => {
  // ten rooms of six kinds are a zone
  it('are the other stations of its zone, of whatever kind', () => {
    const city = new City(alone, { SM: 20 });
    low(city, [0, 1, 2, 3]);
    expect(city.run(20).told()).toHaveLength(4);
    const most = new City(alone, { SM: 20 });
    low(most, [0, 1, 2, 3, 4, 5]);
    expect(most.run(20).told()).toEqual([]);
  });

  it('in other zones say nothing', () => {
    const city = new City(alone, { SM: 20 });
    low(city, [0, 10, 11, 12, 13, 14, 15, 16, 17]);
    expect(city.run(20).told()).toEqual(['LOW-INLET SM-0000']);
  });

  it('count as long as something is known of them', () => {
    const city = new City(alone, { SM: 10 });
    low(city, [0, 1, 2, 3]);
    // of the others nothing has been measured: three of three are low
    for (const { code } of city.rooms.slice(4)) city.set(code, { ...GOOD_DAY, P_IN: Number.NaN });
    expect(city.run(20).told()).toEqual([]);
    for (const { code } of city.rooms.slice(4)) city.set(code, GOOD_DAY);
    expect(city.run(20).told()).toHaveLength(4);
  });

  it('of a room without any say nothing: it is not known', () => {
    const city = new City(alone, { SM: 1 });
    low(city, [0]);
    expect(city.run(20).told()).toEqual([]);
  });

  it('are nobody where the zone is not known', () => {
    const city = new City(alone, { SM: 20 }, { SM: '' });
    low(city, [0, 1]);
    expect(city.run(20).told()).toEqual([]);
  });

  it('are known from the first look after a restart', () => {
    const whole = new City(alone, { SM: 20 });
    low(whole, [0, 1]);
    const cut = new City(alone, { SM: 20 });
    low(cut, [0, 1]);
    expect(cut.run(4).restart().run(16).log).toEqual(whole.run(20).log);
  });
});
