import { runReliability } from '../verify/reliability/command.ts';

/**
 * npm run -s bench -- reliability --json [--rows a,b] [--stations N]
 *
 * The outages of `npm run verify -- reliability`, short and with few stations.
 */
await runReliability('short');
