import type { LabNews, LabOrder, LabSample } from './protocol.ts';
import { LabRoom } from './room.ts';

/** Lives a room off the page's thread at the speed that is asked for, or as fast as it can. */
const TURN_MS = 100;
/** Simulated seconds between two samples, for a chart of an hour. */
const SAMPLE = 5;
/** A turn takes no longer than this, so that orders are heard. */
const LONGEST_MS = 80;

let room: LabRoom | undefined;
let speed = 0;
/** simulated seconds that are still to be lived, and lived since the last sample */
let owed = 0;
let lived = 0;
const say = (news: LabNews) => postMessage(news);

addEventListener('message', ({ data }: MessageEvent<LabOrder>) => {
  try {
    obey(data);
  } catch (error) {
    say({ failed: error instanceof Error ? error.message : String(error) });
  }
});

function obey(order: LabOrder): void {
  if ('start' in order) {
    room = new LabRoom(order.start, order.time, order.seed);
    say({ samples: [room.look()] });
  } else if ('speed' in order) {
    speed = order.speed;
    owed = 0;
  } else if ('begin' in order) room?.begin(order.begin);
  else room?.end(order.end);
}

setInterval(() => {
  if (!room || speed === 0) return;
  owed += (speed * TURN_MS) / 1000;
  const samples: LabSample[] = [];
  const until = performance.now() + LONGEST_MS;
  while (owed >= 1 && performance.now() < until) {
    room.live(1);
    owed--;
    if (++lived % SAMPLE === 0) samples.push(room.look());
  }
  // a machine that is too slow falls behind instead of storing up
  owed = Math.min(owed, speed);
  if (samples.length > 0) say({ samples });
}, TURN_MS);
