import { parseArgs } from 'node:util';
import { birthStorm } from '../hostile/full/births.ts';
import { silentClients } from '../hostile/full/clients.ts';
import { largeMessages } from '../hostile/full/large.ts';
import { mutatedPayloads } from '../hostile/full/payloads.ts';
import { slowRequests } from '../hostile/full/requests.ts';

/**
 * npm run -s verify -- hostile [--json] [--payloads 1000000] [--seed 1] [--only payloads,births,large,clients,requests]
 *
 * Hostile and broken input at full size: mutated payloads against host and ingest; births of ten thousand invented
 * nodes a second; messages of 100 MB against the embedded broker; ten thousand live clients that watch and never
 * read; slow requests. Exit code 1 when one of them fails.
 */
const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    payloads: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: 'payloads,births,large,clients,requests' },
  },
});

const TRIALS = {
  payloads: () => mutatedPayloads(Number(options.payloads), Number(options.seed)),
  births: birthStorm,
  large: largeMessages,
  clients: silentClients,
  requests: slowRequests,
};

const result: Record<string, { failures: readonly string[] }> = {};
for (const [name, trial] of Object.entries(TRIALS)) {
  if (!options.only.split(',').includes(name)) continue;
  process.stderr.write(`${name}…\n`);
  result[name] = await trial();
}
const failures = Object.entries(result).flatMap(([name, { failures }]) =>
  failures.map((failure) => `${name}: ${failure}`),
);
const text = options.json ? JSON.stringify({ ...result, failures }) : JSON.stringify(result, null, 2);
process.stdout.write(`${text}\n`);
process.exit(failures.length > 0 ? 1 : 0);
