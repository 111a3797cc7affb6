import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LARGEST_MESSAGE_BYTES, STRANGERS } from '#server/broker/limits.ts';
import { TestNode } from '#test/support/sparkplug.ts';
import { nodeTopic } from '#twin/wire/sparkplug/topics.ts';
import { aHostileScene, type HostileScene, VICTIM } from './scene.ts';

let scene: HostileScene;
beforeEach(async () => {
  scene = await aHostileScene();
});
afterEach(() => scene.close());

const MANY_METRICS = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`made/up/${i}`, i]));
/** A birth of many metrics, by node and group: only the topic differs. */
const aBirth = new TestNode(() => Date.UTC(2026, 5, 1), 'X').birth(MANY_METRICS);
const birthOf = (node: string, group = 'G') => ({ ...aBirth, topic: nodeTopic(group, 'NBIRTH', node) });
const stranger = (number: number, group = 'G') => new TestNode(scene.clock.now, `X-${number}`, group);

describe('births of invented nodes, ten thousand a second', () => {
  test('fill neither memory nor the list of nodes; the neighbour is heard in between', () => {
    let number = 0;
    for (let second = 0; second < 3; second++) {
      for (let hundredth = 0; hundredth < 100; hundredth++) {
        scene.clock.pass(10);
        for (let k = 0; k < 100; k++) scene.hear(birthOf(`X-${number++}`));
        scene.hear(scene.neighbour.data({ 0: hundredth / 200 }));
        expect(scene.neighbourValue('LO/P_OUT')).toBe(hundredth / 200);
      }
    }
    expect(scene.city.host.nodes.size).toBeLessThanOrEqual(STRANGERS.remembered + 1);
    const { strangersFlooding, strangersFull } = scene.refused.totals;
    const { births } = scene.city.rates.totals;
    expect(births + strangersFlooding + strangersFull).toBe(30_001);
  });

  test('in the name of a station but from invented groups, the station itself is still heard', () => {
    for (let k = 0; k < 10_000; k++) {
      if (k % 10 === 0) scene.clock.pass(10);
      if (k % 2000 === 0) scene.hear(scene.neighbour.data({ 0: 0.6 }));
      scene.hear(birthOf(scene.neighbour.node, `E-${k}`));
    }
    scene.hear(scene.neighbour.data({ 0: 0.7 }));
    expect(scene.neighbourValue('LO/P_OUT')).toBe(0.7);
    expect(scene.city.host.nodes.size).toBeLessThanOrEqual(STRANGERS.remembered + 5);
  });

  test('four invented groups before its true one: the station claims its place by its birth, and keeps it', () => {
    const victim = new TestNode(scene.clock.now, VICTIM, 'true');
    const { place } = scene.city.registry.byCode.get(VICTIM)!;
    const heard = () => place.columns.lastMessage[place.row];
    for (let k = 0; k < 4; k++) scene.hear(birthOf(VICTIM, `E-${k}`));
    scene.clock.pass(40_000);
    scene.hear(victim.birth());
    expect(heard()).toBe(scene.clock.now());
    for (let k = 0; k < 20; k++) {
      scene.clock.pass(2000);
      scene.hear(victim.data({ 0: 0.6 }));
    }
    for (let k = 0; k < 10_000; k++) scene.hear(birthOf(VICTIM, `F-${k}`));
    scene.clock.pass(2000);
    scene.hear(victim.data({ 0: 0.7 }));
    expect(heard()).toBe(scene.clock.now());
  });

  test('a death is no way around: a node that dies a thousand times is passed over as well', () => {
    const victim = new TestNode(scene.clock.now, VICTIM);
    scene.hear(victim.birth());
    for (let k = 0; k < 1000; k++) scene.hear(victim.death());
    expect(scene.city.faults.totals.flooding).toBeGreaterThan(300);
    for (let k = 0; k < 1000; k++) scene.hear(stranger(k).death());
    expect(scene.city.host.nodes.has('G/X-1')).toBe(false);
  });

  test('of one registered station: the host passes over them, and hears it again once it is quiet', () => {
    const victim = new TestNode(scene.clock.now, VICTIM);
    for (let k = 0; k < 10_000; k++) {
      if (k % 10 === 0) scene.clock.pass(1);
      scene.hear(victim.birth());
    }
    expect(scene.city.faults.totals.flooding).toBeGreaterThan(9000);
    scene.clock.pass(10_000);
    scene.hear(victim.birth(), victim.data({ 0: 0.6 }));
    expect(scene.city.registry.byCode.get(VICTIM)!.place.columns.lastMessage[0]).toBe(scene.clock.now());
  });
});

describe('a registered gateway that comes back', () => {
  test('may send the reports of a day in order, at once, as if they were live: each is taken', () => {
    const [day, every] = [86_400_000, 2000];
    const gateway = new TestNode(scene.clock.now, VICTIM);
    scene.hear(gateway.birth());
    const [before, now] = [scene.frames(), scene.clock.now()];
    for (let time = now - day; time < now; time += every) {
      const { bytes } = gateway.data({ 0: 0.4 }, { timestamp: time });
      scene.hear({ topic: nodeTopic('G', 'NDATA', VICTIM), bytes });
    }
    expect(scene.city.faults.totals.flooding).toBe(0);
    expect(scene.city.rates.totals.messages).toBe(2 + day / every);
    expect(scene.frames()).toBeGreaterThan(before);
  });
});

describe('a stranger', () => {
  test('that is turned away in the rush is heard once there is room', () => {
    for (let k = 0; k < STRANGERS.messages; k++) scene.hear(stranger(1).data());
    const late = stranger(2);
    scene.hear(late.birth());
    expect(scene.city.unregistered.has('X-2')).toBe(false);
    scene.clock.pass(1000);
    scene.hear(late.birth());
    expect(scene.city.unregistered.has('X-2')).toBe(true);
  });

  test('finds a place after the invented ones were silent for a while; one that is heard keeps its own', () => {
    const mine = stranger(0, 'mine');
    const says = () => scene.hear(mine.data());
    scene.hear(mine.birth());
    for (let k = 1; k <= 6000; k++) {
      scene.clock.pass(1);
      scene.hear(birthOf(`X-${k}`));
      if (k % 1000 === 0) says();
    }
    expect(scene.refused.totals.strangersFull).toBeGreaterThan(900);
    scene.clock.pass(STRANGERS.unprovenMs);
    says();
    for (let k = 0; k < 3000; k++) {
      scene.clock.pass(2);
      scene.hear(birthOf(`Y-${k}`));
    }
    expect(scene.city.unregistered.has('Y-2999')).toBe(true);
    expect(scene.city.unregistered.has('X-0')).toBe(true);
    expect(scene.city.unregistered.size).toBeLessThanOrEqual(STRANGERS.remembered);
    expect(scene.city.host.nodes.size).toBeLessThanOrEqual(STRANGERS.remembered + 1);
  });

  test('that was heard and understood, and is silent for long, makes room at last', () => {
    for (let k = 0; k < STRANGERS.remembered; k++) {
      scene.clock.pass(2);
      scene.hear(birthOf(`X-${k}`), stranger(k).data());
    }
    scene.clock.pass(STRANGERS.unprovenMs);
    scene.hear(birthOf('Y-1'));
    expect(scene.city.unregistered.has('Y-1')).toBe(false);
    scene.clock.pass(STRANGERS.silentMs);
    scene.hear(birthOf('Y-2'));
    expect(scene.city.unregistered.has('Y-2')).toBe(true);
  });

  test('may be born again and again without taking more memory', () => {
    for (let k = 0; k < 20_000; k++) {
      scene.clock.pass(1000);
      scene.hear(birthOf('X-1'));
    }
    expect(scene.refused.totals.strangersFull).toBe(0);
  });
});

describe('what comes from a broker of others', () => {
  test('a message of 100 MB is passed over and counted', () => {
    const topic = `spBv1.0/G/NDATA/${VICTIM}`;
    scene.hear({ topic, bytes: new Uint8Array(100e6) });
    scene.hear({ topic, bytes: new Uint8Array(LARGEST_MESSAGE_BYTES + 1) });
    expect(scene.refused.totals.messageTooLarge).toBe(2);
    expect(scene.city.host.nodes.size).toBe(1);
  });

  test.each([
    'spBv1.0//NDATA/',
    'spBv1.0/G/NDATA/',
    'spBv1.0/G//SM-0001',
    '/spBv1.0/G/NDATA/SM-0001',
    'spBv1.0/G/NDATA/SM-0001/',
    'spBv1.0/G/DDATA/SM-0001/',
    'spBv1.0/G/NDATA/SM-0001/D/E',
    'SPBV1.0/G/NDATA/SM-0001',
    'spBv1.0/G/ndata/SM-0001',
    'spBv1.0/G/__proto__/SM-0001',
    '$share/x/spBv1.0/G/NDATA/SM-0001',
    '$SYS/broker/load',
    `spBv1.0/G/NDATA/${'x'.repeat(65_000)}`,
    '',
    '/'.repeat(60_000),
    '\ufffd\ufffd/\0/NDATA',
  ])('topic %j is counted and makes no node', (topic) => {
    scene.hear({ topic, bytes: scene.neighbour.data().bytes });
    expect(scene.city.faults.totals.unreadableTopic).toBe(1);
    expect(scene.city.host.nodes.size).toBe(1);
  });

  test.each(['SM-0002 ', 'sm-0002', 'SM-0002\0', '#', '+', '__proto__', 'constructor', '水-0002', '\ufffd'])(
    'node %j is none of ours',
    (node) => {
      scene.hear(new TestNode(scene.clock.now, node).birth({ 'LO/P_OUT': 0.9 }));
      expect(scene.neighbourValue('LO/P_OUT')).toBe(0.5);
      expect(scene.city.unregistered.has(node)).toBe(true);
    },
  );
});
