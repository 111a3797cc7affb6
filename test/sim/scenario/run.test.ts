import { describe, expect, it } from 'vitest';
import { file, runInTown } from './builder.ts';

function lineOf(report: ReturnType<typeof runInTown>, series: string): number[] {
  return report.series.find(({ name }) => name === series)!.lines[0]!.values;
}

describe('a scenario in a small town', () => {
  it('passes on an ordinary morning and says by how much', () => {
    const report = runInTown(
      file('expect:', '  - that: P_OUT of all stays above 0.40 MPa', '  - that: tank of all never overflows'),
    );
    expect(report.verdicts.map(({ met }) => met)).toEqual([true, true]);
    expect(report.passed).toBe(true);
    expect(report.verdicts[0]!.value).toBeGreaterThan(0.4);
    expect(report.verdicts[0]!.of).toMatch(/^SM-.*\/LO$/);
    expect(lineOf(report, 'City: electric power')).toHaveLength(16);
  });

  it('fails when an expectation does, and names the instant', () => {
    const report = runInTown(
      file(
        'events:',
        '  - { at: 2min, do: power-cut, stations: SM-0001 }',
        'expect:',
        '  - that: P_OUT of SM-0001 stays above 0.40 MPa',
      ),
    );
    expect(report.passed).toBe(false);
    expect(report.verdicts[0]!.at).toBeGreaterThan(120);
    expect(report.log[0]).toEqual({ at: 120, text: 'power-cut stations SM-0001' });
  });

  it('judges the peak of every zone by itself', () => {
    const text = file(
      'expect:',
      '  - that: zone inflow peak factor < 1.4',
      '  - that: zone Z-W1 inflow peak factor < 9',
    );
    const { verdicts } = runInTown(text.replace('length: 15min', 'length: 62min'));
    expect(verdicts[0]).toMatchObject({ met: true, of: 'inflow of Z-W1' });
    expect(verdicts[0]!.value).toBeGreaterThan(0.9);
    expect(verdicts[1]!.value).toBe(verdicts[0]!.value);
  });

  it('ends an event after its time', () => {
    const report = runInTown(
      file(
        'watch: [P_OUT of SM-0001]',
        'events:',
        '  - { at: 1min, for: 2min, do: power-cut, stations: zone Z-W1 }',
        'expect:',
        '  - { that: P_OUT of SM-0001 stays above 0.45 MPa, from: 12min }',
      ),
    );
    expect(report.log.map(({ at }) => at)).toEqual([60, 180]);
    expect(Math.min(...lineOf(report, 'P_OUT of SM-0001'))).toBeLessThan(0.4);
    expect(report.passed).toBe(true);
  });

  it('lets an event wait for a condition', () => {
    const report = runInTown(
      file(
        'events:',
        '  - { at: 1min, do: burst, node: N3, flow: 250 }',
        '  - { when: P_IN of SM-0003 below 0.25 MPa, do: command, stations: SM-0001, point: ZV_CMD, value: 0 }',
      ),
    );
    expect(report.log).toHaveLength(2);
    expect(report.log[1]!.at).toBeGreaterThan(60);
    expect(report.ledger.leaked).toBeGreaterThan(10);
  });

  it('hands over to the stand-by when a pump trips', () => {
    const report = runInTown(
      file(
        'events:',
        ...['P1', 'P2'].map((pump) => `  - { at: 2min, do: pump-trip, station: SM-0001, pump: ${pump} }`),
        'expect:',
        '  - { that: P_OUT of SM-0001 stays above 0.45 MPa, from: 4min }',
        '  - { that: RUNNING of SM-0001 stays above 0, from: 4min }',
      ),
    );
    expect(report.passed).toBe(true);
  });

  it('overflows a tank whose valve is stuck open', () => {
    const report = runInTown(
      file(
        'length: 3h',
        'events:',
        '  - { at: 0 s, do: valve-stuck, station: SM-0001, position: 100 }',
        'expect:',
        '  - that: tank of SM-0001 never overflows',
      ).replace('length: 15min\n', ''),
    );
    expect(report.verdicts[0]!.met).toBe(false);
    expect(report.verdicts[0]!.value).toBeGreaterThan(0);
  });

  it('is blind to what a frozen pressure sensor does not show', () => {
    const report = runInTown(
      file(
        'events:',
        '  - { at: 1min, do: sensor-fault, station: SM-0001, point: P_OUT, fault: bias, by: -0.08 }',
        'expect:',
        '  - { that: P_OUT of SM-0001 reaches above 0.56 MPa }',
      ),
    );
    expect(report.passed).toBe(true);
  });

  it('delivers no command while the line is down', () => {
    const report = runInTown(
      file(
        'events:',
        '  - { at: 1min, for: 5min, do: comms-loss, stations: SM-0001 }',
        '  - { at: 2min, do: command, stations: SM-0001, point: ZV_CMD, value: 100 }',
      ),
    );
    expect(report.log.some(({ text }) => text.includes('SM-0001 is not heard from'))).toBe(true);
  });

  it('has the same hash for the same seed and another for another', () => {
    const text = file();
    const first = runInTown(text);
    expect(runInTown(text).hash).toBe(first.hash);
    expect(runInTown(`${text}\nseed: 2`).hash).not.toBe(first.hash);
  });

  it('simulates the rooms of its extent only', () => {
    expect(runInTown(file('extent: SM-0001')).rooms).toBe(1);
  });
});
