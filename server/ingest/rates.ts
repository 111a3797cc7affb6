/** Rates over the last ten seconds and the latency from measurement to ingest. */
export class Rates {
  readonly totals = { messages: 0, values: 0, historical: 0, births: 0 };
  private readonly marks: { time: number; messages: number; values: number; historical: number }[] = [];
  private latencies = new Float64Array(8192);
  private taken = 0;

  latency(ms: number): void {
    this.latencies[this.taken++ % this.latencies.length] = ms;
  }

  /** Called once a second. */
  mark(time: number): void {
    this.marks.push({ time, ...this.totals });
    if (this.marks.length > 11) this.marks.shift();
  }

  perSecond(): { messagesPerSecond: number; valuesPerSecond: number; historicalPerSecond: number } {
    const first = this.marks[0];
    const last = this.marks.at(-1);
    const seconds = first && last ? (last.time - first.time) / 1000 : 0;
    const rate = (key: 'messages' | 'values' | 'historical') =>
      seconds > 0 ? (last![key] - first![key]) / seconds : 0;
    return {
      messagesPerSecond: rate('messages'),
      valuesPerSecond: rate('values'),
      historicalPerSecond: rate('historical'),
    };
  }

  latencyPercentiles(): { latencyMsP50: number; latencyMsP99: number } {
    const sorted = this.latencies.slice(0, Math.min(this.taken, this.latencies.length)).sort();
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    return { latencyMsP50: at(0.5), latencyMsP99: at(0.99) };
  }
}
