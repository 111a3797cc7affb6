import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { encodePayload } from '#twin/wire/sparkplug/payload.ts';
import { nodeTopic, REBIRTH_METRIC } from '#twin/wire/sparkplug/topics.ts';

/** The NCMD that asks a node for its birth: the metric by its name, true, no sequence number. */
export const rebirthCommand = (
  group: string,
  node: string,
  timestamp: number,
): { topic: string; payload: Uint8Array } => ({
  topic: nodeTopic(group, 'NCMD', node),
  payload: encodePayload({
    timestamp,
    metrics: [{ name: REBIRTH_METRIC, timestamp, datatype: DataType.Boolean, field: 'boolean', value: true }],
  }),
});
