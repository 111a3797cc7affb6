import { describe, expect, it } from 'vitest';
import { readInp } from '#gis/io/inp/read.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import { runExtended, solveSteady } from '#sim/hydraulics/extended.ts';
import { linkFlow } from '#sim/hydraulics/report.ts';
import { createState } from '#sim/hydraulics/state.ts';
import { askEpanet } from './oracle.ts';

/**
 * Files as people write them, read by us and by EPANET from the same text: what a section means, its defaults and the
 * order in which later lines win. Networks of ours go through our own writer elsewhere.
 */
const SECTIONS: Record<string, string> = {
  JUNCTIONS: 'A 10 0\nB 12 30 day\nC 15 20\nD 8 15\nE 20 5',
  RESERVOIRS: 'R 12',
  TANKS: 'T 45 3 0.5 6 18 0',
  PIPES: [
    'p1 A B 600 300 120 0 Open',
    'p2 B C 500 250 110 2.5 Open',
    'p3 C D 700 200 100 0',
    'p4 D A 900 250 105',
    'p5 C E 400 200 115 0',
    'p6 E T 300 250 120',
  ].join('\n'),
  PUMPS: 'pump R A HEAD lift',
  VALVES: '',
  CURVES: 'lift 60 50',
  PATTERNS: 'day 0.6 0.5 0.7 1.2\nday 1.4 1.1 1.0 0.8',
  DEMANDS: '',
  EMITTERS: '',
  STATUS: '',
  CONTROLS: '',
  RULES: '',
  ENERGY: '',
  TIMES: 'Duration 12:00\nHydraulic Timestep 1:00\nPattern Timestep 1:00\nReport Timestep 1:00',
  OPTIONS: 'Units LPS\nAccuracy 0.000001\nTrials 100',
};

const fileOf = (changes: Readonly<Record<string, string>>): string =>
  Object.entries({ ...SECTIONS, ...changes })
    .map(([name, lines]) => `[${name}]\n${lines}\n`)
    .join('\n')
    .concat('[END]\n');

async function agrees(changes: Readonly<Record<string, string>>): Promise<void> {
  const text = fileOf(changes);
  const { network } = readInp(new TextEncoder().encode(text));
  const theirs = new Map((await askEpanet(network, text)).map((step) => [step.t, step]));
  const ends = new Map(network.links.map((link) => [link.id, link]));
  const h = compile(network);
  let compared = 0;
  runExtended(h, createState(h), {
    until: h.times.duration,
    onStep: (s, solved) => {
      expect(solved.converged).toBe(true);
      const step = theirs.get(s.time);
      if (!step || s.time % 3600 !== 0) return;
      compared++;
      for (const [id, head] of step.heads) {
        const n = h.nodeIndex.get(id)!;
        if (s.cutOff[n]) continue;
        expect(
          Math.abs(s.head[n]! - head),
          `head of ${id} at ${s.time} s: ${s.head[n]}, theirs ${head}`,
        ).toBeLessThan(0.01);
      }
      for (const [id, flow] of step.flows) {
        const { from, to } = ends.get(id)!;
        if (s.cutOff[h.nodeIndex.get(from)!] || s.cutOff[h.nodeIndex.get(to)!]) continue;
        const ours = linkFlow(h, s, h.linkIndex.get(id)!);
        const close = Math.abs(ours - flow) < 0.05 + 1e-3 * Math.abs(flow);
        expect(close, `flow of ${id} at ${s.time} s: ${ours}, theirs ${flow}`).toBe(true);
      }
    },
  });
  expect(compared).toBeGreaterThan(h.times.duration / 3600);
}

/** EPANET's last line of an option wins; ours refuses two that differ. */
const options = (...more: string[]) => {
  const named = new Set(more.map((line) => line.split(' ')[0]));
  const rest = SECTIONS.OPTIONS!.split('\n').filter((line) => !named.has(line.split(' ')[0]));
  return { OPTIONS: [...rest, ...more].join('\n') };
};
const times = (...more: string[]) => ({ TIMES: [SECTIONS.TIMES, ...more].join('\n') });

/** What is unusual of a file, and what of it stands otherwise than above. */
const FILES: Record<string, Record<string, string>> = {
  'nothing unusual': {},
  'a check valve that shuts when the tank would empty through it': {
    PIPES: `${SECTIONS.PIPES!.replace('p6 E T 300 250 120', 'p6 E T 300 250 120 0 CV')}`,
    CONTROLS: 'LINK pump 0.85 AT TIME 3',
  },
  'demand categories, which take the place of the junction’s own': {
    DEMANDS: 'B 10 day ;homes\nB 5 ;shops\nC 12 night\nD 0',
    PATTERNS: `${SECTIONS.PATTERNS}\nnight 1.5 0.5`,
  },
  'a demand multiplier and a pattern for who names none': options('Demand Multiplier 1.3', 'Pattern day'),
  'a pattern 1 that is the default without being named': {
    PATTERNS: `${SECTIONS.PATTERNS}\n1 0.5 1.5 1`,
    JUNCTIONS: SECTIONS.JUNCTIONS!,
  },
  'patterns that start late and step by two hours, in words': {
    TIMES:
      'Duration 12\nHydraulic Timestep 60 min\nPattern Timestep 2 hours\nPattern Start 5:00\nReport Timestep 1:00',
  },
  'hydraulic steps cut short by the pattern’s': times('Hydraulic Timestep 1:00', 'Pattern Timestep 0:40'),
  'emitters with an exponent of their own': { EMITTERS: 'C 0.8\nE 0.3', ...options('Emitter Exponent 0.65') },
  'emitters that let nothing in': { EMITTERS: 'E 2', ...options('Backflow Allowed No') },
  'demands that follow the pressure': options(
    'Demand Model PDA',
    'Minimum Pressure 5',
    'Required Pressure 45',
    'Pressure Exponent 0.6',
  ),
  'demands that follow the pressure, and no pressure at which they are full': {
    JUNCTIONS: SECTIONS.JUNCTIONS!.replace('E 20 5', 'E 44 5'),
    ...options('Demand Model PDA', 'Minimum Pressure 4'),
  },
  'a junction whose name begins like a factor on demands': {
    JUNCTIONS: `${SECTIONS.JUNCTIONS}\nMULTI 10 5`,
    PIPES: `${SECTIONS.PIPES}\np7 A MULTI 100 200 100`,
    DEMANDS: 'MULTI 7',
  },
  'times of day where durations stand': times('Duration 12:00 PM', 'Pattern Timestep 2:00 AM'),
  'Darcy-Weisbach, laminar and turbulent': {
    PIPES: SECTIONS.PIPES!.replace(/ (\d{3}) (1[012]\d|100|105)/g, ' $1 0.15').concat('\np7 D E 800 80 0.2'),
    ...options('Headloss D-W', 'Viscosity 1.3'),
  },
  'Chezy-Manning': {
    PIPES: SECTIONS.PIPES!.replace(/ (\d{3}) (1[012]\d|100|105)/g, ' $1 0.012'),
    ...options('Headloss C-M'),
  },
  'a viscosity in the units of the file and a heavier water': options(
    'Viscosity 0.00000131',
    'Specific Gravity 1.03',
    'Headloss H-W',
  ),
  'a pump curve of three points and a speed pattern': {
    PUMPS: 'pump R A HEAD lift PATTERN speed',
    CURVES: 'lift 0 70\nlift 60 55\nlift 120 20',
    PATTERNS: `${SECTIONS.PATTERNS}\nspeed 1 0.95 0.9 1.02`,
  },
  'a pump curve of many points and a speed': {
    PUMPS: 'pump R A HEAD lift SPEED 1.1',
    CURVES: 'lift 0 60\nlift 20 58\nlift 50 52\nlift 90 40\nlift 140 10',
  },
  // in horsepower: of kilowatts EPANET 2.3 makes too many
  'a pump of constant power, in US units': {
    PUMPS: 'pump R A POWER 40',
    ...options('Units GPM', 'Demand Multiplier 8'),
    PIPES: SECTIONS.PIPES!.replace(/ (300|250|200) (\d{3})/g, ' 12 $2'),
  },
  'a pump shut at the start and opened by the clock': {
    STATUS: 'pump Closed\np4 Closed',
    CONTROLS: 'LINK pump OPEN AT TIME 3\nLINK p4 OPEN AT CLOCKTIME 5 AM\nLINK pump 0.9 AT CLOCKTIME 7:30 AM',
    ...times('Start ClockTime 1 AM'),
  },
  'a status that is a speed': { STATUS: 'pump 0.92' },
  'a pump that a level starts and stops': {
    CONTROLS: 'LINK pump CLOSED IF NODE T ABOVE 4\nLINK pump OPEN IF NODE T BELOW 2.5',
  },
  'rules with premises, alternatives and priorities': {
    RULES: [
      'RULE 1\nIF TANK T LEVEL ABOVE 4\nOR SYSTEM CLOCKTIME >= 9 AM\nTHEN PUMP pump SPEED = 0.9\nELSE PUMP pump SPEED = 1\nPRIORITY 2',
      'RULE 2\nIF SYSTEM TIME > 2:00\nAND JUNCTION B PRESSURE BELOW 90\nTHEN PIPE p4 STATUS IS CLOSED',
    ].join('\n\n'),
  },
  'a tank by its volume curve': {
    TANKS: 'T 45 3 0.5 6 18 0 shape',
    CURVES: `${SECTIONS.CURVES}\nshape 0 0\nshape 2 300\nshape 6 2500`,
  },
  'a tank that overflows': {
    TANKS: 'T 45 5.5 0.5 6 8 0 * YES',
    JUNCTIONS: 'A 10 0\nB 12 3 day\nC 15 2\nD 8 1\nE 20 1',
  },
  'a tank that is full lets nothing in': {
    TANKS: 'T 45 5.5 0.5 6 8 0',
    JUNCTIONS: 'A 10 0\nB 12 3 day\nC 15 2\nD 8 1\nE 20 1',
  },
  'a tank that runs empty': {
    TANKS: 'T 45 1.5 0.5 6 8 0',
    STATUS: 'pump Closed',
    JUNCTIONS: 'A 10 0\nB 12 8 day\nC 15 6\nD 8 5\nE 20 2',
  },
  'a reservoir whose head moves': {
    RESERVOIRS: 'R 12 tide',
    PATTERNS: `${SECTIONS.PATTERNS}\ntide 1 1.1 0.9`,
  },
  'a pressure reducing valve with a loss when open': { VALVES: 'v D E 150 PRV 30 2.5' },
  'a valve that is open or shut whatever it is set to': {
    VALVES: 'v D E 150 PRV 30 0\nw B E 150 FCV 12 0',
    STATUS: 'v Open\nw Closed',
  },
  'a general purpose valve by its curve': {
    VALVES: 'v D E 150 GPV loss',
    CURVES: `${SECTIONS.CURVES}\nloss 0 0\nloss 5 2\nloss 20 12`,
  },
  'a position valve': {
    VALVES: 'v D E 150 PCV 40 0.4 opens',
    CURVES: `${SECTIONS.CURVES}\nopens 0 0\nopens 50 30\nopens 100 100`,
  },
  'US gallons, feet, inches, psi': {
    ...options('Units GPM', 'Demand Multiplier 8', 'Accuracy 0.000001'),
    TANKS: 'T 45 3 0.5 6 18 0',
    CURVES: 'lift 800 60',
    PIPES: SECTIONS.PIPES!.replace(/ (300|250|200) (\d{3})/g, ' 12 $2'),
  },
  'litres a minute, and pressures in kilopascal': {
    ...options('Units LPM', 'Pressure kPa', 'Demand Multiplier 60'),
    CURVES: 'lift 3600 50',
  },
  'cubic metres a second': { ...options('Units CMS', 'Demand Multiplier 0.001'), CURVES: 'lift 0.06 50' },
  'lower case, tabs, quotes in titles, comments behind lines': {
    PIPES: SECTIONS.PIPES!.replaceAll(' ', '\t').concat('\t; the last'),
    JUNCTIONS: SECTIONS.JUNCTIONS!.toLowerCase().replace(/^[a-e]/gm, (id) => id.toUpperCase()),
  },
};

describe('a file agrees with EPANET: ', () => {
  it.each(Object.entries(FILES))('%s', async (_what, changes) => {
    await agrees(changes);
  });

  it('but for kilowatts, which it converts to horsepower twice: a pump of 35 kW raises 35 kW of water', async () => {
    const text = fileOf({ PUMPS: 'pump R A POWER 35', CURVES: '' });
    const { network } = readInp(new TextEncoder().encode(text));
    const [theirs] = await askEpanet(network, text);
    const h = compile(network);
    const s = createState(h);
    solveSteady(h, s, {});
    const raised = (flow: number, from: number, to: number) => ((9.81 * flow) / 3600) * (to - from);
    const head = (id: string) => s.head[h.nodeIndex.get(id)!]!;
    expect(raised(linkFlow(h, s, h.linkIndex.get('pump')!), head('R'), head('A'))).toBeCloseTo(35, 0);
    const { heads, flows } = theirs!;
    expect(raised(flows.get('pump')!, heads.get('R')!, heads.get('A')!)).toBeCloseTo(35 / 0.7457, 0);
  });
});
