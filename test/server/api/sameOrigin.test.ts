import { describe, expect, test } from 'vitest';
import { isLoopback, isSameOrigin } from '#server/api/sameOrigin.ts';

describe('whom the server answers', () => {
  test('its own page, and whoever is no page', () => {
    for (const host of ['127.0.0.1:8080', 'localhost:8080', '[::1]:8080', 'localhost']) {
      expect(isSameOrigin({ host }, true)).toBe(true);
      expect(isSameOrigin({ host, origin: `http://${host}` }, true)).toBe(true);
    }
  });

  test('no page of another origin', () => {
    for (const origin of ['http://example.org', 'http://localhost:3000', 'null', 'nonsense'])
      expect(isSameOrigin({ host: 'localhost:8080', origin }, true)).toBe(false);
  });

  test('no foreign name that was made to point here, unless it listens on a network', () => {
    const headers = { host: 'water.example:8080', origin: 'http://water.example:8080' };
    expect(isSameOrigin(headers, true)).toBe(false);
    expect(isSameOrigin(headers, false)).toBe(true);
    expect(isSameOrigin({}, true)).toBe(false);
  });

  test('knows which addresses are this machine', () => {
    expect(['127.0.0.1', '::1', 'localhost'].map(isLoopback)).toEqual([true, true, true]);
    expect(['0.0.0.0', '10.0.0.1'].map(isLoopback)).toEqual([false, false]);
  });
});
