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

  test('says how long it took', () => {
    const { echo, at, say, hears, said } = aHost();
    say();
    at(0.25);
    hears(said[0]!);
    expect(echo.lag).toBe(250);
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
    expect(said).toHaveLength(2);
    expect(echo.lag).toBe(39_000);
    hears(said[1]!);
    expect(echo.lag).toBe(39_000);
    say();
    at(40.01);
    hears(said[2]!);
    expect(echo.lag).toBe(10);
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
    hears('17');
    hears('');
    expect(echo.lag).toBe(0);
    hears('1');
    expect(echo.lag).toBe(3000);
  });
});
