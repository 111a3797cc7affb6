import type { DataFault } from '#twin/wire/api.ts';
import type { EdgeNode, MetricDefinition } from './nodeTable.ts';

/** A value of a message whose metric the birth table knows. */
export interface HostValue {
  definition: MetricDefinition;
  /** NaN: null, said to be bad, or not a number */
  value: number;
  /** ms since epoch, as the gateway gave it */
  time: number;
  historical: boolean;
  /** nobody stated a time: it is that of the arrival */
  arrived?: boolean;
  /** not to be kept in a history */
  transient?: boolean;
}

/** What the Sparkplug host hears, told to those who know stations. */
export interface HostEvents {
  /** Gives each metric of a birth its point. Called before `values` of that birth. `whole`: the node's, not a device's. */
  born: (node: EdgeNode, definitions: readonly MetricDefinition[], whole: boolean) => void;
  /** Values in the order they came; the array is reused. */
  values: (node: EdgeNode, values: readonly HostValue[], fromBirth: boolean) => void;
  died: (node: EdgeNode) => void;
  /** A device below a node died at `time` (ms since epoch, as the gateway gave it): these are its metrics. */
  deviceDied: (node: EdgeNode, definitions: readonly MetricDefinition[], time: number) => void;
  fault: (fault: DataFault, station: string, detail: string) => void;
}
