import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rulesIn } from '#server/alarms/ruleFolder.ts';
import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { City, GOOD_DAY, NO_POWER } from './aCity.ts';
import { aRule, BEGIN, rulesOf } from './timeline.ts';

const LIBRARY = rulesIn(join(import.meta.dirname, '../../../rules'));
const SIMING = 'SM';
const HULI = 'HL';
/** s between two looks */
const LOOK = 2;

/** Four rooms of a zone say one thing of their zone. */
const small = rulesOf(aRule({ when: 'P_IN < 0.1 MPa', for: '10 s', clearFor: '4 s' }), {
  ...aRule({ id: 'ZONE-LOW' }),
  when: undefined,
  gather: { rule: 'LOW-INLET', in: 'zone', count: 4, within: '5 min' },
  for: '4 s',
  clearFor: '10 s',
} as ReturnType<typeof aRule>);

/** What one room says explains another rule in all rooms of its zone. */
const fed = rulesOf(
  aRule({ id: 'SOURCE', when: 'FLOOD', for: '2 s', clearFor: '2 s', alone: false }),
  {
    ...aRule({ id: 'ZONE-SOURCE' }),
    when: undefined,
    gather: { rule: 'SOURCE', in: 'zone', count: 1, within: '5 min' },
    for: '4 s',
    clearFor: '10 s',
  } as ReturnType<typeof aRule>,
  aRule({
    id: 'LOW',
    when: 'P_IN < 0.1 MPa',
    for: '20 s',
    clearFor: '4 s',
    suppressedBy: ['ZONE-SOURCE'],
  }),
);

const low = (city: City, rooms: readonly number[]) => {
  for (const i of rooms) city.set(city.rooms[i]!.code, { P_IN: 0.05 });
};
const fine = (city: City, rooms: readonly number[]) => {
  for (const i of rooms) city.set(city.rooms[i]!.code, GOOD_DAY);
};

describe('many rooms of an area', () => {
  it('lift their area, when what was told before it goes beneath it, to the most urgent of that, in one telling', () => {
    const graded = fed.map((rule) => ({
      ...rule,
      text: { ...rule.text, priority: rule.text.id === 'LOW' ? 1 : 3 },
    }));
    const city = new City(graded, { SM: 20 });
    low(city, [0]);
    city.run(40);
    expect(city.told()).toEqual([`LOW ${city.rooms[0]!.code}`]);
    city.set(city.rooms[1]!.code, { FLOOD: 1 });
    city.run(20);
    const of = city.log.filter(({ rule, annunciates }) => rule === 'ZONE-SOURCE' && annunciates);
    expect(of.map(({ kind, priority }) => [kind, priority])).toEqual([['raised', 1]]);
  });

  it('are told as one, the rooms beneath it', () => {
    const city = new City(small, { SM: 20 });
    low(city, [0, 1, 2, 3, 4]);
    city.run(30);
    expect(city.told()).toEqual(['ZONE-LOW zone:SM-Z0']);
    const beneath = [...city.engine.alarms.values()].filter(({ cause }) => cause === 'ZONE-LOW|zone:SM-Z0|');
    expect(beneath.map(({ station, silent }) => [station, silent])).toEqual(
      [0, 1, 2, 3, 4].map((i) => [city.rooms[i]!.code, 'suppressed']),
    );
  });

  it('say of how many of its rooms their area is told, and since when', () => {
    const city = new City(small, { SM: 20 });
    city.run(10);
    low(city, [0, 1, 2]);
    city.run(4);
    low(city, [3, 4]);
    city.run(30);
    const { evidence } = city.engine.alarms.get('ZONE-LOW|zone:SM-Z0|')!;
    // the first look at the first three
    const firstBegan = BEGIN + 12_000;
    expect(evidence).toEqual({ roomsConcerned: 5, roomsInArea: 10, firstBegan });
  });

  it('of different zones are told each for itself', () => {
    const city = new City(small, { SM: 40 });
    low(city, [0, 1, 10, 11, 20, 21]);
    city.run(30);
    expect(city.told()).toHaveLength(6);
  });

  it('whose zone nobody knows are told each for itself', () => {
    const city = new City(small, { SM: 20 }, { SM: '' });
    low(city, [0, 1, 2, 3, 4]);
    expect(city.run(30).told()).toEqual([0, 1, 2, 3, 4].map((i) => `LOW-INLET ${city.rooms[i]!.code}`));
  });

  it('explain alarms of other rules that name the area as their cause, and let them go when it is over', () => {
    const city = new City(fed, { SM: 20 });
    const [source, behind, elsewhere] = [0, 1, 15].map((i) => city.rooms[i]!.code) as [
      string,
      string,
      string,
    ];
    city.set(source, { FLOOD: 1 });
    low(city, [1, 15]);
    city.run(60);
    expect(city.told()).toEqual(['ZONE-SOURCE zone:SM-Z0', `LOW ${elsewhere}`]);
    expect(city.engine.alarms.get(`LOW|${behind}|`)).toMatchObject({
      cause: 'ZONE-SOURCE|zone:SM-Z0|',
      silent: 'suppressed',
    });
    city.set(source, { FLOOD: 0 });
    city.run(60);
    expect(city.told()).toEqual(['ZONE-SOURCE zone:SM-Z0', `LOW ${elsewhere}`, `LOW ${behind}`]);
  });

  it('show beneath them what was told before, of rules that name them too', () => {
    const city = new City(fed, { SM: 20 });
    low(city, [1]);
    city.run(40);
    city.set(city.rooms[0]!.code, { FLOOD: 1 });
    city.run(20);
    expect(city.told()).toEqual(['LOW SM-0001', 'ZONE-SOURCE zone:SM-Z0']);
    expect(city.engine.alarms.get('LOW|SM-0001|')!.cause).toBe('ZONE-SOURCE|zone:SM-Z0|');
  });

  it('that began long before are not counted as one event', () => {
    const city = new City(small, { SM: 20 });
    low(city, [0, 1]);
    city.run(400);
    low(city, [2, 3]);
    city.run(60);
    expect(city.told()).toHaveLength(4);
  });

  it('when enough have come, those told before are shown beneath the area too', () => {
    const city = new City(small, { SM: 20 });
    low(city, [0]);
    city.run(60);
    low(city, [1, 2, 3]);
    city.run(60);
    expect(city.told()).toEqual(['LOW-INLET SM-0000', 'ZONE-LOW zone:SM-Z0']);
    expect(city.engine.alarms.get('LOW-INLET|SM-0000|')!.cause).toBe('ZONE-LOW|zone:SM-Z0|');
  });

  it('one that is still wrong when the area is over is told then', () => {
    const city = new City(small, { SM: 20 });
    low(city, [0, 1, 2, 3]);
    city.run(30);
    fine(city, [0, 1, 2]);
    city.run(60);
    expect(city.told()).toEqual(['ZONE-LOW zone:SM-Z0', 'LOW-INLET SM-0003']);
  });

  it('after a restart are still one, and nothing is told again', () => {
    const city = new City(small, { SM: 20 });
    low(city, [0, 1, 2, 3]);
    city.run(6).restart().run(30).restart().run(30);
    expect(city.told()).toEqual(['ZONE-LOW zone:SM-Z0']);
    expect([...city.engine.alarms.values()].filter(({ silent }) => silent === 'suppressed')).toHaveLength(4);
  });

  it('a room out of service is not counted', () => {
    const city = new City(small, { SM: 20 });
    for (const i of [0, 1])
      city.act({
        do: 'silence',
        silencer: {
          kind: 'outOfService',
          station: city.rooms[i]!.code,
          rule: null,
          until: null,
          oneShot: false,
          by: 'Li',
          reason: 'work order 7',
        },
      });
    low(city, [0, 1, 2, 3, 4]);
    city.run(30);
    expect(city.told()).toHaveLength(3);
  });
});

/** Three rooms of a zone that fall are one alarm of it; none is an alarm by itself. A district without power explains it. */
const falling = rulesOf(
  aRule({ id: 'DARK', when: 'not MAINS_OK' }),
  aRule({ id: 'LOW', when: 'P_IN < 0.1 MPa', alone: false }),
  anArea('DISTRICT-DARK', { rule: 'DARK', in: 'district', count: 3 }),
  anArea('VERY-LOW', { rule: 'LOW', in: 'zone', count: 6 }),
  anArea(
    'ZONE-FALLS',
    { rule: 'LOW', in: 'zone', count: 3 },
    { suppressedBy: ['DISTRICT-DARK', 'VERY-LOW'] },
  ),
);

function anArea(id: string, gather: NonNullable<RuleText['gather']>, more: Partial<RuleText> = {}): RuleText {
  return { ...aRule({ id }), when: undefined, gather, for: '4 s', clearFor: '10 s', ...more };
}

const dark = (city: City, rooms: readonly number[]) => {
  for (const i of rooms) city.set(city.rooms[i]!.code, NO_POWER);
};

describe('what is no alarm of one room alone', () => {
  it('is told by its area only, the rooms beneath it', () => {
    const city = new City(falling, { SM: 20 });
    low(city, [0, 1]);
    city.run(600);
    expect(city.log).toEqual([]);
    low(city, [2]);
    city.run(30);
    expect(city.told()).toEqual(['ZONE-FALLS zone:SM-Z0']);
    const beneath = [...city.engine.alarms.values()].filter(
      ({ cause }) => cause === 'ZONE-FALLS|zone:SM-Z0|',
    );
    expect(beneath.map(({ station }) => station)).toEqual(['SM-0000', 'SM-0001', 'SM-0002']);
  });

  it('is not told when its area is over and it holds on', () => {
    const city = new City(falling, { SM: 20 });
    low(city, [0, 1, 2]);
    city.run(30);
    fine(city, [0, 1]);
    city.run(600);
    expect(city.told()).toEqual(['ZONE-FALLS zone:SM-Z0']);
    expect([...city.engine.alarms.values()].filter(({ active }) => active)).toEqual([]);
  });

  it('after a restart still waits for its area', () => {
    const city = new City(falling, { SM: 20 });
    low(city, [0, 1]);
    city.run(30).restart().run(30);
    expect(city.log).toEqual([]);
    low(city, [2]);
    city.run(4).restart().run(30);
    expect(city.told()).toEqual(['ZONE-FALLS zone:SM-Z0']);
  });
});

describe('an area that another explains', () => {
  it('is silent when it lies wholly within a district that has an alarm', () => {
    const city = new City(falling, { SM: 20 });
    dark(city, [10, 11, 12]);
    city.run(30);
    low(city, [0, 1, 2]);
    city.run(30);
    expect(city.told().filter((told) => !told.startsWith('DARK'))).toEqual(['DISTRICT-DARK district:SM']);
    expect(city.engine.alarms.get('ZONE-FALLS|zone:SM-Z0|')!.cause).toBe('DISTRICT-DARK|district:SM|');
  });

  it('is told when a part of it lies in another district', () => {
    const city = new City(falling, { SM: 20, HL: 10 }, { HL: 'SM-Z0' });
    dark(city, [10, 11, 12]);
    city.run(30);
    low(city, [0, 1, 2]);
    city.run(30);
    expect(city.told()).toContain('ZONE-FALLS zone:SM-Z0');
  });

  it('and was told before is shown beneath it from then on', () => {
    const city = new City(falling, { SM: 20 });
    low(city, [0, 1, 2]);
    city.run(30);
    low(city, [3, 4, 5]);
    city.run(30);
    expect(city.told()).toEqual(['ZONE-FALLS zone:SM-Z0', 'VERY-LOW zone:SM-Z0']);
    expect(city.engine.alarms.get('ZONE-FALLS|zone:SM-Z0|')!.cause).toBe('VERY-LOW|zone:SM-Z0|');
  });
});

describe('a zone that a booster feeds from another', () => {
  const fed = () => new City(falling, { SM: 30 }, {}, { 'SM-Z1': 'SM-Z0' });

  it('is beneath the zone that it draws from, when both fall, whichever is seen first', () => {
    for (const [first, second] of [
      [0, 10],
      [10, 0],
    ] as const) {
      const city = fed();
      low(city, [first, first + 1, first + 2]);
      city.run(4);
      low(city, [second, second + 1, second + 2]);
      city.run(30);
      expect(city.told()).toEqual(['ZONE-FALLS zone:SM-Z0']);
      expect(city.engine.alarms.get('ZONE-FALLS|zone:SM-Z1|')).toMatchObject({
        silent: 'suppressed',
        cause: 'ZONE-FALLS|zone:SM-Z0|',
      });
    }
  });

  it('is told when the other is well, and so are two that do not feed each other', () => {
    const alone = fed();
    low(alone, [10, 11, 12]);
    expect(alone.run(30).told()).toEqual(['ZONE-FALLS zone:SM-Z1']);
    const strangers = fed();
    low(strangers, [0, 1, 2, 20, 21, 22]);
    expect(strangers.run(30).told()).toEqual(['ZONE-FALLS zone:SM-Z0', 'ZONE-FALLS zone:SM-Z2']);
  });

  it('does not hide the zone that feeds it', () => {
    const city = fed();
    low(city, [10, 11, 12]);
    city.run(30);
    low(city, [0, 1, 2]);
    city.run(30);
    expect(city.told()).toEqual(['ZONE-FALLS zone:SM-Z1', 'ZONE-FALLS zone:SM-Z0']);
    expect(city.engine.alarms.get('ZONE-FALLS|zone:SM-Z1|')!.cause).toBe('ZONE-FALLS|zone:SM-Z0|');
  });

  it('is told when it still falls once the other is well again', () => {
    const city = fed();
    low(city, [0, 1, 2, 10, 11, 12]);
    city.run(30);
    fine(city, [0, 1, 2]);
    city.run(60);
    expect(city.told()).toEqual(['ZONE-FALLS zone:SM-Z0', 'ZONE-FALLS zone:SM-Z1']);
  });
});

describe('the library over a city', () => {
  it('a booster that stands is told once, what its zone lacks beneath it, and other zones for themselves', () => {
    const city = new City(LIBRARY, { SM: 20 });
    const [booster, behind, elsewhere] = [5, 1, 15].map((i) => city.rooms[i]!.code) as [
      string,
      string,
      string,
    ];
    city.run(60);
    city.set(booster, { RUN: 0, HZ: 0, I: 0, F_OUT: 0, P_OUT: 0.2 });
    for (const code of [behind, elsewhere]) city.set(code, { P_IN: 0.05, P_OUT: 0.35 });
    city.run(600);
    expect(city.told()).toContain('ZONE-BOOSTER-STANDS zone:SM-Z0');
    const telling = city.log.filter(({ annunciates }) => annunciates).map(({ station }) => station);
    expect(new Set(telling)).toEqual(new Set(['zone:SM-Z0', elsewhere]));
    const hidden = [...city.engine.alarms.values()].filter(({ station }) => station === behind);
    expect(hidden.map(({ rule }) => rule)).toContain('F21-LOW-INLET');
    for (const { silent } of hidden) expect(silent).toBe('suppressed');

    const before = city.told().length;
    for (const { code } of city.rooms) city.set(code, GOOD_DAY);
    city.run(900);
    expect(city.told()).toHaveLength(before);
    expect([...city.engine.alarms.values()].filter(({ active }) => active)).toEqual([]);
  });

  it('a power cut of 200 rooms is at most ten annunciations in ten minutes, the rest beneath their cause', () => {
    const city = new City(LIBRARY, { [SIMING]: 200, [HULI]: 40 });
    const dark = city.of(SIMING);
    city.run(120, (second) => {
      // each gateway reports in its own second; every third has no battery and falls silent
      for (const [i, { code }] of dark.entries()) {
        if (second === 60 + (i % 4)) city.set(code, NO_POWER);
        if (second === 66 && i % 3 === 0) city.silence(code);
        if (second === 100 && i % 3 === 1) city.set(code, { P_OUT: 0, LSLL: 1, F_OUT: 0 });
      }
    });
    city.run(300);
    expect(city.told()).toContain('AREA-POWER-CUT district:SM');
    expect(city.flood()).toBeLessThanOrEqual(10);
    const alarms = [...city.engine.alarms.values()];
    expect(alarms.filter(({ rule }) => rule === 'F23-POWER-LOSS')).toHaveLength(200);
    const explained = alarms.filter(({ silent, cause }) => silent === 'suppressed' && cause !== null);
    expect(alarms.length - explained.length).toBeLessThanOrEqual(10);

    const before = city.told().length;
    city.run(300, (second) => {
      for (const [i, { code }] of dark.entries())
        if (second === 430 + (i % 60)) {
          city.hearAgain(code);
          city.set(code, GOOD_DAY);
        }
    });
    expect(city.told().length - before).toBeLessThanOrEqual(1);
  });

  it('a broker that is lost is one alarm of the city, its districts and rooms beneath', () => {
    const city = new City(LIBRARY, { [SIMING]: 60, [HULI]: 60 });
    city.run(10);
    for (const { code } of city.rooms) city.silence(code);
    city.run(300);
    expect(city.told()).toEqual(['CITY-COMMS-LOSS city']);
    for (const { code } of city.rooms) city.hearAgain(code);
    city.run(300);
    expect(city.told()).toEqual(['CITY-COMMS-LOSS city']);
    expect(city.engine.alarms.size).toBe(1);
  });

  it('a base station that is lost is one alarm of its district', () => {
    const city = new City(LIBRARY, { [SIMING]: 100, [HULI]: 100 });
    city.run(10);
    for (const { code } of city.of(HULI).slice(0, 15)) city.silence(code);
    city.run(300);
    expect(city.told()).toEqual(['AREA-COMMS-LOSS district:HL']);
  });

  it('a burst main is one alarm of its zone', () => {
    const city = new City(LIBRARY, { [SIMING]: 30 });
    city.run(60, (second) => {
      for (const [i, { code }] of city.rooms.slice(0, 6).entries())
        if (second === 10 + 5 * i) city.set(code, { P_IN: 0.05 });
    });
    city.run(300);
    expect(city.told()).toEqual(['ZONE-LOW-INLET zone:SM-Z0']);
  });

  describe('of which the inlets fall', () => {
    /** The first rooms of a city lose some of their inlet pressure, one after another; told after ten minutes. */
    const fallBy = (
      lost: number,
      rooms: number,
      districts: Record<string, number>,
      { everySeconds = 5, takesMore = 0, fillsMore = 0, zones = {} } = {},
    ) => {
      const city = new City(LIBRARY, districts, zones);
      const { F_IN } = GOOD_DAY;
      city.run(600, (second) => {
        if (second === 240) city.set(city.rooms.at(-1)!.code, { F_IN: F_IN + fillsMore });
        for (const [i, { code }] of city.rooms.slice(0, rooms).entries())
          if (second === 240 + everySeconds * i) city.set(code, { P_IN: 0.3 - lost, F_IN: F_IN + takesMore });
      });
      return city;
    };

    it('five within two minutes are an alarm of their zone, after a minute and a half, until somebody has seen it', () => {
      const city = fallBy(0.03, 5, { [SIMING]: 30 });
      expect(city.told()).toEqual(['ZONE-INLET-FALLS zone:SM-Z0']);
      const [{ time }] = city.log.filter(({ annunciates }) => annunciates) as [AlarmEvent];
      expect((time - BEGIN) / 1000).toBe(240 + 5 * 4 + 90 + 2 * LOOK);
      city.run(1200);
      const alarm = city.engine.alarms.get('ZONE-INLET-FALLS|zone:SM-Z0|')!;
      expect([alarm.active, alarm.latched]).toEqual([false, true]);
      expect(city.told()).toHaveLength(1);
    });

    it('as many over ten minutes are people who draw, and so is what falls less', () => {
      expect(fallBy(0.03, 5, { [SIMING]: 30 }, { everySeconds: 60 }).told()).toEqual([]);
      expect(fallBy(0.015, 9, { [SIMING]: 30 }).told()).toEqual([]);
    });

    it('rooms that take more themselves draw their own inlets down', () => {
      expect(fallBy(0.03, 9, { [SIMING]: 30 }, { takesMore: 5 }).told()).toEqual([]);
    });

    it('in a zone of few rooms one that begins to fill draws the others down, and in one of many it does not', () => {
      const filling = { fillsMore: 40, zones: { [SIMING]: 'Z1' } };
      expect(fallBy(0.03, 5, { [SIMING]: 7 }, filling).told()).toEqual([]);
      expect(fallBy(0.03, 5, { [SIMING]: 31 }, filling).told()).toEqual(['ZONE-INLET-FALLS zone:Z1']);
    });

    it('and are low then: the alarm of low pressure stands above', () => {
      expect(fallBy(0.25, 5, { [SIMING]: 30 }).told()).toEqual(['ZONE-LOW-INLET zone:SM-Z0']);
    });
  });

  it('a good day is quiet', () => {
    const city = new City(LIBRARY, { [SIMING]: 60, [HULI]: 60 });
    expect(city.run(300).told()).toEqual([]);
  });
});
