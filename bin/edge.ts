import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { Driver } from '#edge/driver.ts';
import { fieldbusDriver } from '#edge/drivers/fieldbus.ts';
import { signalDriver } from '#edge/drivers/signal.ts';
import { startEdge } from '#edge/main.ts';
import { readSettings } from '#server/settings.ts';
import { inheritLock } from './inherit.ts';
import { runChild, tellParent } from './parent.ts';

/** The gateways of a field as one process, or one gateway with a test signal; the broker's credentials come from the environment. */

const number = (text: string) => {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('not a number');
  return value;
};

const options = new Command('edge')
  .option('--inputs <url>', 'where the field publishes its input images')
  .option('--requests <url>', 'where the field answers questions')
  .option('--node <id>', 'without a field: one gateway of this name with a test signal')
  .option('--template <id>', 'its kind of station', 'tank:LO3')
  .requiredOption('--data-dir <folder>', 'where queue and marks are kept')
  .requiredOption('--group <id>', 'Sparkplug group of the edge nodes')
  .option('--primary-host <id>', 'births wait for this host; SPARKPLUG_HOST_ID when left out')
  .option('--no-primary-host', 'births wait for nobody')
  .option('--report <ms>', 'reporting interval', number, 2000)
  .option('--deadband <x>', "1: the catalogue's dead-bands; 0: every step of the resolution", number, 1)
  .option('--keep <s>', 'what was sent stays this long for a replay', number, 120)
  .option('--queue-bytes <n>', 'bound of the queue on disk', number, 2e9)
  .option('--queue-hours <n>', 'oldest value kept in the queue', number, 48)
  .option('--replay-rate <n>', 'historical values a second', number, 100_000)
  .option('--connect-rate <n>', 'connections and births a second', number, 300)
  .option('--clock-offset <ms>', 'how far the clock of these gateways is wrong, for tests', number, 0)
  .option('--counters', 'tell what was produced and delivered, every second')
  .option('--no-backfill', 'leave out the 24 hours before a new installation')
  .parse()
  .opts<{
    inputs?: string;
    requests?: string;
    node?: string;
    template: string;
    dataDir: string;
    group: string;
    primaryHost?: string | boolean;
    report: number;
    deadband: number;
    keep: number;
    queueBytes: number;
    queueHours: number;
    replayRate: number;
    connectRate: number;
    backfill: boolean;
    clockOffset: number;
    counters?: boolean;
  }>();

function primaryHost(configured: string): string | undefined {
  const { primaryHost: given } = options;
  if (given === false) return undefined;
  return typeof given === 'string' ? given : configured;
}

function chosenDriver(): Driver {
  const { inputs, requests, node, template } = options;
  if (node !== undefined) return signalDriver(node, template, Date.now);
  if (inputs === undefined || requests === undefined)
    throw new Error('either --inputs and --requests of a field, or --node for a test signal');
  return fieldbusDriver(inputs, requests);
}

function missingBroker(): never {
  throw new Error('MQTT_URL must name the broker');
}

/** The field as a gateway sees it whose clock is wrong: it is the gateway that gives values their time. */
function shifted(driver: Driver, offset: number): Driver {
  if (offset === 0) return driver;
  return {
    ...driver,
    onInputs: (take) => driver.onInputs((time, station, values) => take(time + offset, station, values)),
  };
}

await runChild(async () => {
  const settings = readSettings(process.env);
  // two on one folder would take each other's queue, marks and numbers
  mkdirSync(options.dataDir, { recursive: true });
  process.on('exit', await inheritLock(join(options.dataDir, 'edge.lock'), options.dataDir));
  const edge = await startEdge({
    driver: shifted(chosenDriver(), options.clockOffset),
    dataDir: options.dataDir,
    mqttUrl: settings.mqttUrl ?? missingBroker(),
    mqtt: settings.mqtt,
    group: options.group,
    hostId: primaryHost(settings.hostId),
    reportMs: options.report,
    deadbandScale: options.deadband,
    keepMs: options.keep * 1000,
    queueBytes: options.queueBytes,
    queueAgeMs: options.queueHours * 3_600_000,
    replayRate: options.replayRate,
    connectRate: options.connectRate,
    backfill: options.backfill,
    now: () => Date.now() + options.clockOffset,
    steady: () => performance.timeOrigin + performance.now(),
    random: Math.random,
    onError: (message) => process.stderr.write(`edge: ${message}\n`),
  });
  if (options.counters) setInterval(() => tellParent({ counters: { ...edge.counters() } }), 1000).unref();
  return { facts: { stations: edge.counters().stations }, stop: () => edge.close() };
});
