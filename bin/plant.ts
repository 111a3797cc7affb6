import { fstatSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { readCityFile, thin } from '#plant/city.ts';
import { startPlant } from '#plant/main.ts';

/** The demo's virtual field: pump rooms that live in real time and speak over a fieldbus. */

const number = (text: string) => {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('not a number');
  return value;
};

const program = new Command('plant')
  .requiredOption('--data-dir <folder>', 'where the state of the field is kept')
  .option('--seed <n>', 'seed of the truth behind the demo', number, 7)
  .option('--stations <n>', 'only so many stations', number)
  .option('--pace <n>', 'samples per second', number, 1)
  .option('--noise <x>', 'factor on the noise of the sensors', number, 1)
  .option('--inputs <url>', 'where input images are published', 'tcp://127.0.0.1:0')
  .option('--requests <url>', 'where questions are answered', 'tcp://127.0.0.1:0')
  .requiredOption('--city <file>', 'stations and the pressures of their mains')
  .option('--with-parent', 'end when the parent process ends')
  .parse();
const options = program.opts<{
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

main().catch((error: unknown) => {
  console.error(`plant: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});

async function main(): Promise<void> {
  let close = async () => {};
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`plant: ${String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (options.withParent) endWithParent(end);

  const { stations, city: cityFile, withParent: _, ...rest } = options;
  const city = readCityFile(cityFile);
  const plant = await startPlant({
    ...rest,
    city: stations === undefined ? city : thin(city, stations),
    onProgress: (share) =>
      process.stdout.write(`${JSON.stringify({ progress: Number(share.toFixed(3)) })}\n`),
  });
  close = plant.close;
  process.stdout.write(
    `${JSON.stringify({ ready: true, inputs: plant.inputsUrl, requests: plant.requestsUrl })}\n`,
  );
}

/** A parent that ends closes the channel and the pipe it gave us, and leaves us to another parent. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 500).unref();
  process.on('disconnect', end);
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.resume();
  process.stdin.on('end', end);
  process.stdin.on('error', end);
}
