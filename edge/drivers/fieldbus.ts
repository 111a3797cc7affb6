import { Request, Subscriber } from 'zeromq';
import {
  decodeInputs,
  type FieldRequest,
  fieldDescription,
  fieldError,
  fieldLog,
} from '#twin/wire/fieldbus.ts';
import type { Driver } from '../driver.ts';

/** Driver of the demo's field: input images over a subscription, questions over a request socket. */
export function fieldbusDriver(inputsUrl: string, requestsUrl: string): Driver {
  const subscriber = new Subscriber({ receiveHighWaterMark: 1000 });
  // relaxed and correlated: a question that was never answered does not block the ones after it
  const request = new Request({ receiveTimeout: 30_000, relaxed: true, correlate: true });
  subscriber.connect(inputsUrl);
  request.connect(requestsUrl);
  // a request socket takes one question at a time
  let turn: Promise<unknown> = Promise.resolve();
  const ask = (question: FieldRequest): Promise<Buffer[]> => {
    const answer = turn.then(async () => {
      await request.send(JSON.stringify(question));
      return (await request.receive()) as Buffer[];
    });
    turn = answer.catch(() => undefined);
    return answer;
  };
  return {
    async describe() {
      return fieldDescription.parse(answerOf(await ask({ ask: 'describe' })));
    },
    onInputs(take) {
      subscriber.subscribe();
      void (async () => {
        for await (const [message] of subscriber) if (message) readInputs(message, take);
      })();
    },
    async log(station) {
      const frames = await ask({ ask: 'log', station });
      const { points, times } = fieldLog.parse(answerOf(frames));
      const bytes = Uint8Array.from(frames[1] ?? []);
      return { points, times, rows: new Float64Array(bytes.buffer) };
    },
    async close() {
      subscriber.close();
      request.close();
    },
  };
}

/** A torn message is passed over: the next images follow within a second. */
function readInputs(message: Uint8Array, take: Parameters<typeof decodeInputs>[1]): void {
  try {
    decodeInputs(message, take);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

function answerOf(frames: readonly Buffer[]): unknown {
  const answer: unknown = JSON.parse(frames[0]?.toString('utf8') ?? 'null');
  const failed = fieldError.safeParse(answer);
  if (failed.success) throw new Error(failed.data.error);
  return answer;
}
