import { startServer } from '#server/main.ts';
import { readSettings } from '#server/settings.ts';
import { runChild, tellParent } from './parent.ts';

/** The city's side as a process of its own; settings come from the environment. */
await runChild(async () => {
  const { url, mqttUrl, stop } = await startServer(readSettings(process.env), (progress) =>
    tellParent({ progress }),
  );
  return { facts: { url, mqttUrl }, stop };
});
