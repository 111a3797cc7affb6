import { openDatabase } from '#server/database/database.ts';
import { openHistory } from '#server/history/history.ts';
import { ROOM, valuesOf } from './telemetry.ts';

/**
 * A process to be killed: node --import tsx appender.ts FROM_MS FIRST [URL | DATA_DIR]. It appends frame after
 * frame, two seconds of the city apart, ten stations each, seals as it goes, and prints the number of every
 * frame that is durable. Every seventh comes late.
 */

const [fromText, firstText, place] = process.argv.slice(2);
const from = Number(fromText);
let next = Number(firstText);
const database = await openDatabase(
  place!.startsWith('postgres') ? { url: place, dataDir: '' } : { dataDir: place! },
);
const history = await openHistory(database, { now: from + next * 2000, note: (text) => console.error(text) });
process.stdout.write('ready\n');
for (;;) {
  const first = next;
  for (; next < first + 5; next++) {
    const t = from + next * 2000;
    const { count, points, values, qualities } = valuesOf({ P_IN: (next % 1000) / 1000, L1: 2 });
    for (let station = 1; station <= 10; station++) {
      if (next % 7 === 0) history.appendLate(station, ROOM, t, count, points, values, qualities);
      else history.append(station, ROOM, t, count, points, values, qualities);
    }
  }
  void history.tick(from + next * 2000);
  await history.flush();
  process.stdout.write(`${next}\n`);
}
