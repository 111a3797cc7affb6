import { defineConfig } from 'vitest/config';

/** Two cores: two workers. Tests that need a database, a broker or a browser say so in their folder's name. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/bench/**', 'test/verify/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
