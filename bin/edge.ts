import { Command, InvalidArgumentError } from 'commander';
import type { Driver } from '#edge/driver.ts';
import { fieldbusDriver } from '#edge/drivers/fieldbus.ts';
import { startEdge } from '#edge/main.ts';
import { readSettings } from '#server/settings.ts';
import { runChild, tellParent } from './parent.ts';

/** The gateways of the demo's field as one process; the broker's credentials come from the environment. */

const number = (text: string) => {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('not a number');
  return value;
};

const options = new Command('edge')
  .requiredOption('--inputs <url>', 'where the field publishes its input images')
  .requiredOption('--requests <url>', 'where the field answers questions')
  .requiredOption('--data-dir <folder>', 'where queue and marks are kept')
  .requiredOption('--group <id>', 'Sparkplug group of the edge nodes')
  .option('--report <ms>', 'reporting interval', number, 2000)
  .option('--deadband <x>', "1: the catalogue's dead-bands; 0: every step of the resolution", number, 1)
  .option('--keep <s>', 'what was sent stays this long for a replay', number, 120)
  .option('--queue-bytes <n>', 'bound of the queue on disk', number, 2e9)
  .option('--queue-hours <n>', 'oldest value kept in the queue', number, 48)
  .option('--replay-rate <n>', 'historical values a second', number, 40_000)
  .option('--connect-rate <n>', 'connections and births a second', number, 300)
  .option('--clock-offset <ms>', 'how far the clock of these gateways is wrong, for tests', number, 0)
  .option('--counters', 'tell what was produced and delivered, every second')
  .option('--no-backfill', 'leave out the 24 hours before a new installation')
  .parse()
  .opts<{
    inputs: string;
    requests: string;
    dataDir: string;
    group: string;
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
  const edge = await startEdge({
    driver: shifted(fieldbusDriver(options.inputs, options.requests), options.clockOffset),
    dataDir: options.dataDir,
    mqttUrl: settings.mqttUrl ?? missingBroker(),
    mqtt: settings.mqtt,
    group: options.group,
    hostId: settings.hostId,
    reportMs: options.report,
    deadbandScale: options.deadband,
    keepMs: options.keep * 1000,
    queueBytes: options.queueBytes,
    queueAgeMs: options.queueHours * 3_600_000,
    replayRate: options.replayRate,
    connectRate: options.connectRate,
    backfill: options.backfill,
    now: () => Date.now() + options.clockOffset,
    random: Math.random,
    onError: (message) => process.stderr.write(`edge: ${message}\n`),
  });
  if (options.counters) setInterval(() => tellParent({ counters: { ...edge.counters() } }), 1000).unref();
  return { facts: { stations: edge.counters().stations }, stop: () => edge.close() };
});
