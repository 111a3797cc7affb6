/** What every device driver offers a gateway: the same contract for the demo's field and for real devices. */
export interface Driver {
  /** Stations wired to this driver; `number` is the driver's own name for it. */
  describe(): Promise<{ samplePeriodMs: number; stations: { code: string; template: string }[] }>;
  /** Calls back with every input image. `values` is in template order and only valid during the call. */
  onInputs(take: (time: number, station: number, values: Float64Array) => void): void;
  /** The device's own logger: rows of points at earlier times. */
  log(station: number): Promise<{ points: string[]; times: number[]; rows: Float64Array }>;
  close(): Promise<void>;
}
