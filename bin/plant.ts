import { fstatSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { readCityFile, thin } from '#plant/city.ts';
import { startPlant } from '#plant/main.ts';
import { readSettings } from '#server/settings.ts';
import { HOUR } from '#twin/units.ts';
import { runChild, tellParent } from './parent.ts';
import { leaveAddress, removeAddress } from './plant/address.ts';
import { clear, inject, list } from './plant/faults.ts';

/** The demo's virtual field: pump rooms on their mains that live in real time and speak over a fieldbus. */

const number = (text: string) => {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('not a number');
  return value;
};

const hoursOfADay = (text: string) => {
  const hours = number(text);
  if (hours < 0 || hours > 24) throw new InvalidArgumentError('not within 0 … 24');
  return hours;
};

interface RunOptions {
  dataDir: string;
  seed: number;
  stations?: number;
  pace: number;
  noise: number;
  past: number;
  inputs: string;
  requests: string;
  city: string;
  withParent?: boolean;
}

const program = new Command('plant');
program
  .command('run', { isDefault: true })
  .description('run the field (npm start does)')
  .requiredOption('--data-dir <folder>', 'where the state of the field is kept')
  .option('--seed <n>', 'seed of the truth behind the demo', number, 7)
  .option('--stations <n>', 'only so many stations', number)
  .option('--pace <n>', 'samples per second', number, 1)
  .option('--noise <x>', 'factor on the noise of the sensors', number, 1)
  .option('--past <hours>', 'a new field has lived and logged for so long, at most a day', hoursOfADay, 24)
  .option('--inputs <url>', 'where input images are published', 'tcp://127.0.0.1:0')
  .option('--requests <url>', 'where questions are answered', 'tcp://127.0.0.1:0')
  .requiredOption('--city <file>', 'stations and mains')
  .option('--with-parent', 'end when the parent process ends')
  .action(run);

const folder = [
  '--data-dir <folder>',
  'folder of the running plant; that of DATA_DIR when left out',
] as const;
program
  .command('inject')
  .description('let the events of a scenario happen in the running field, their times counted from now')
  .argument('<file>', 'scenario (YAML)')
  .option('--at-once', 'the first event begins now')
  .option('--follow', 'stay and tell what happens until all of it is over')
  .option(...folder)
  .action((file: string, { dataDir, ...how }) => tell(inject(whereOf(dataDir), file, how)));
program
  .command('faults')
  .description('what was injected and is not over')
  .option(...folder)
  .action(({ dataDir }) => tell(list(whereOf(dataDir))));
program
  .command('clear')
  .description('end what was injected')
  .argument('<id>', 'as "faults" shows it')
  .option(...folder)
  .action((id: string, { dataDir }) => tell(clear(whereOf(dataDir), id)));
await program.parseAsync();

function whereOf(dataDir: string | undefined): string {
  return dataDir ?? join(readSettings(process.env).dataDir, 'plant');
}

async function tell(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 2;
  }
}

async function run({ stations: count, city: file, withParent, past, ...rest }: RunOptions): Promise<void> {
  await runChild(async () => {
    if (withParent) endWithParent();
    const city = readCityFile(file);
    const plant = await startPlant({
      ...rest,
      city,
      past: past * HOUR,
      ...(count === undefined ? {} : { stations: thin(city.stations, count) }),
      onProgress: (share) => tellParent({ progress: Number(share.toFixed(3)) }),
    });
    leaveAddress(rest.dataDir, { requests: plant.requestsUrl, pid: process.pid });
    return {
      facts: { inputs: plant.inputsUrl, requests: plant.requestsUrl },
      stop: async () => {
        removeAddress(rest.dataDir);
        await plant.close();
      },
    };
  });
}

/** For a parent without a channel to us: its end closes the pipe it gave us, or leaves us to another parent. */
function endWithParent(): void {
  const end = () => process.kill(process.pid, 'SIGTERM');
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 500).unref();
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.resume();
  process.stdin.on('end', end);
  process.stdin.on('error', end);
}
