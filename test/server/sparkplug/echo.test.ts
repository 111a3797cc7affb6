import { describe, expect, test } from 'vitest';
import { echoOf } from '#server/sparkplug/echo.ts';

describe("a host's word to itself", () => {
  const aHost = () => {
    let time = 0;
    const said: string[] = [];
    const echo = echoOf('city', () => time);
    return {
      echo,
      said,
      at: (seconds: number) => {
        time = seconds * 1000;
      },
      say: () => echo.say((word) => said.push(word)),
      hears: (word: string) => echo.heard(new TextEncoder().encode(word)),
    };
  };

  test('that has come back says that all has been read', () => {
    const { echo, at, say, hears, said } = aHost();
    say();
    at(46);
    hears(said[0]!);
    expect(echo.lag).toBe(0);
  });

  test('that is still on its way says that it takes longer, from when it was said', () => {
    const { echo, at, say, hears, said } = aHost();
    say();
    at(0.1);
    hears(said[0]!);
    at(1);
    say();
    at(40);
    say();
    expect(echo.lag).toBe(39_000);
    hears(said[1]!);
    expect(echo.lag).toBe(0);
    at(42);
    expect(echo.lag).toBe(2000);
  });

  test('that was lost counts until a later one comes back', () => {
    const { echo, at, say, hears, said } = aHost();
    say();
    hears(said[0]!);
    at(1);
    say();
    at(20);
    say();
    expect(echo.lag).toBe(19_000);
    hears(said[2]!);
    expect(echo.lag).toBe(0);
  });

  test('of more than a minute and a half ago is remembered, not all that were said since', () => {
    const { echo, at, say, hears, said } = aHost();
    say();
    hears(said[0]!);
    for (let second = 1; second <= 600; second++) {
      at(second);
      say();
    }
    expect(echo.lag).toBe(599_000);
    hears(said.at(-1)!);
    expect(echo.lag).toBe(0);
  });

  test('that no broker has ever handed back says nothing', () => {
    const { echo, at, say } = aHost();
    say();
    at(600);
    expect(echo.lag).toBe(0);
  });

  test('is not taken for another', () => {
    const { echo, at, say, hears } = aHost();
    hears('1');
    say();
    at(3);
    for (const strange of ['17', '', '0', 'x']) hears(strange);
    say();
    at(9);
    expect(echo.lag).toBe(0);
    hears('1');
    expect(echo.lag).toBe(6000);
  });
});
