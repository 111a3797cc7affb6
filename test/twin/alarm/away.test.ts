import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rulesIn } from '#server/alarms/ruleFolder.ts';
import { MINUTE } from '#twin/units.ts';
import { City } from './aCity.ts';

const LIBRARY = rulesIn(join(import.meta.dirname, '../../../rules'));

describe('while the server was away', () => {
  const ROOMS = { SM: 20, HL: 20 };
  const TEN_MINUTES = (10 * MINUTE) / 1000;
  /** A silence of a minute, and half a minute of delay; a look is every two seconds. */
  const TOLD_AFTER = 90;

  it('nothing was heard, which is not told of stations that are there again', () => {
    const city = new City(LIBRARY, ROOMS).run(120).away(TEN_MINUTES);
    // the city comes back room by room
    for (const { code } of city.rooms) city.silence(code);
    for (const { code } of city.rooms) {
      city.hearAgain(code);
      city.run(2);
    }
    expect(city.run(300).told()).toEqual([]);
  });

  it('a station that fell silent is told after its delay, counted from the return', () => {
    const city = new City(LIBRARY, ROOMS).run(120);
    const { code } = city.rooms[7]!;
    city.away(TEN_MINUTES).silence(code);
    city.run(TOLD_AFTER);
    expect(city.told()).toEqual([]);
    expect(city.run(4).told()).toEqual([`F24-COMMS-LOSS ${code}`]);
  });

  it('a station that had just fallen silent is told after the same time', () => {
    const city = new City(LIBRARY, ROOMS).run(120);
    const { code } = city.rooms[7]!;
    city.silence(code);
    city.run(50).away(TEN_MINUTES).run(TOLD_AFTER);
    expect(city.told()).toEqual([]);
    expect(city.run(4).told()).toEqual([`F24-COMMS-LOSS ${code}`]);
  });

  it('a silence that was told stands, and is not told again', () => {
    const city = new City(LIBRARY, ROOMS).run(120);
    const { code } = city.rooms[7]!;
    city.silence(code);
    city.run(120).away(TEN_MINUTES).run(300);
    expect(city.told()).toEqual([`F24-COMMS-LOSS ${code}`]);
    expect(city.log.map(({ kind }) => kind)).toEqual(['raised']);
    city.hearAgain(code);
    expect(city.run(40).log.map(({ kind }) => kind)).toEqual(['raised', 'cleared']);
  });

  it('a station that was never heard is not expected', () => {
    const city = new City(LIBRARY, ROOMS);
    const { code } = city.rooms[7]!;
    city.neverHeard(code);
    expect(city.run(120).away(TEN_MINUTES).run(300).told()).toEqual([]);
  });
});
