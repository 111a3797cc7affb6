import { fstatSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { readCityFile, thin } from '#plant/city.ts';
import { startPlant } from '#plant/main.ts';
import { runChild, tellParent } from './parent.ts';

/** The demo's virtual field: pump rooms that live in real time and speak over a fieldbus. */

const number = (text: string) => {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('not a number');
  return value;
};

const options = new Command('plant')
  .requiredOption('--data-dir <folder>', 'where the state of the field is kept')
  .option('--seed <n>', 'seed of the truth behind the demo', number, 7)
  .option('--stations <n>', 'only so many stations', number)
  .option('--pace <n>', 'samples per second', number, 1)
  .option('--noise <x>', 'factor on the noise of the sensors', number, 1)
  .option('--inputs <url>', 'where input images are published', 'tcp://127.0.0.1:0')
  .option('--requests <url>', 'where questions are answered', 'tcp://127.0.0.1:0')
  .requiredOption('--city <file>', 'stations and the pressures of their mains')
  .option('--with-parent', 'end when the parent process ends')
  .parse()
  .opts<{
    dataDir: string;
    seed: number;
    stations?: number;
    pace: number;
    noise: number;
    inputs: string;
    requests: string;
    city: string;
    withParent?: boolean;
  }>();

await runChild(async () => {
  const { stations, city: file, withParent, ...rest } = options;
  if (withParent) endWithParent();
  const city = readCityFile(file);
  const plant = await startPlant({
    ...rest,
    city: stations === undefined ? city : thin(city, stations),
    onProgress: (share) => tellParent({ progress: Number(share.toFixed(3)) }),
  });
  return { facts: { inputs: plant.inputsUrl, requests: plant.requestsUrl }, stop: plant.close };
});

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
