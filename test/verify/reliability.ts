import { runReliability } from './reliability/command.ts';

/**
 * npm run -s verify -- reliability [--rows a,b] [--pairs servers,embedded] [--stations N] [--scale X]
 *   [--seed N] [--json]
 *
 * Every outage as long as it is meant to be survived. Exit code 1 when a value was lost. As root on Linux it also
 * fills disks, which it mounts for that.
 */
await runReliability('long');
