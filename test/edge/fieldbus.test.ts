import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Publisher, Reply } from 'zeromq';
import type { Driver } from '#edge/driver.ts';
import { fieldbusDriver } from '#edge/drivers/fieldbus.ts';
import { until } from '#test/support/until.ts';
import { encodeInputs, type FieldRequest } from '#twin/wire/fieldbus.ts';

/** A field of one station, on sockets of its own. */
async function aField() {
  const inputs = new Publisher();
  const requests = new Reply();
  await inputs.bind('tcp://127.0.0.1:*');
  await requests.bind('tcp://127.0.0.1:*');
  const asked: FieldRequest[] = [];
  const answers: Record<FieldRequest['ask'], (question: FieldRequest) => (string | Uint8Array)[]> = {
    describe: () => [
      JSON.stringify({ samplePeriodMs: 1000, stations: [{ code: 'SM-1', template: 'tank:LO3' }] }),
    ],
    log: (question) =>
      question.ask === 'log' && question.station === 0
        ? [
            JSON.stringify({ points: ['P_IN', 'F_IN'], times: [1, 2] }),
            new Uint8Array(Float64Array.of(0.3, 5, 0.4, 6).buffer),
          ]
        : ['{"error":"no station 7"}'],
    write: () => ['{"error":"not by the gateway"}'],
  };
  void (async () => {
    for await (const [question] of requests) {
      const parsed = JSON.parse(question!.toString()) as FieldRequest;
      asked.push(parsed);
      await requests.send(answers[parsed.ask](parsed));
    }
  })().catch(() => undefined);
  return {
    inputs,
    asked,
    driver: fieldbusDriver(inputs.lastEndpoint!, requests.lastEndpoint!),
    close() {
      inputs.close();
      requests.close();
    },
  };
}

describe('the driver of the field', () => {
  let field: Awaited<ReturnType<typeof aField>>;
  let driver: Driver;
  beforeEach(async () => {
    field = await aField();
    driver = field.driver;
  });
  afterEach(async () => {
    await driver.close();
    field.close();
  });

  test('tells which stations are wired, and their log', async () => {
    expect(await driver.describe()).toEqual({
      samplePeriodMs: 1000,
      stations: [{ code: 'SM-1', template: 'tank:LO3' }],
    });
    expect(await driver.log(0)).toEqual({
      points: ['P_IN', 'F_IN'],
      times: [1, 2],
      rows: Float64Array.of(0.3, 5, 0.4, 6),
    });
  });

  test('a refusal comes with its reason, and the next question is answered', async () => {
    await expect(driver.log(7)).rejects.toThrow('no station 7');
    expect((await driver.describe()).stations).toHaveLength(1);
  });

  test('questions asked at once are answered each with its own answer', async () => {
    const [description, log] = await Promise.all([driver.describe(), driver.log(0), driver.describe()]);
    expect(description.stations[0]!.code).toBe('SM-1');
    expect(log.times).toEqual([1, 2]);
  });

  test('input images arrive, also after a message that was torn', async () => {
    const seen: [number, number, number[]][] = [];
    driver.onInputs((time, station, values) => seen.push([time, station, [...values]]));
    const image = (time: number) => encodeInputs(time, [{ station: 0, values: Float64Array.of(time / 10) }]);
    // a subscription takes a moment to reach the publisher
    await until('the subscription', async () => {
      await field.inputs.send(image(1));
      await pause(5);
      return seen.length > 0;
    });
    for (const torn of [new Uint8Array(0), new Uint8Array(9), image(2).subarray(0, 20)])
      await field.inputs.send(torn);
    await field.inputs.send(image(3));
    await until('the image after', () => seen.at(-1)![0] === 3);
    expect(seen.at(-1)).toEqual([3, 0, [0.3]]);
    expect(seen.some(([time]) => time === 2)).toBe(false);
  });
});
