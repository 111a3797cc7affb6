/**
 * Calls `sample` for the stations of one slot after the other, so that the work of a sampling period is
 * spread evenly over it. Slots keep to the wall clock; a slot that comes late is called late, a period that
 * was missed is not made up for: the stations live through it in their next step.
 */
export class Schedule {
  private timer: NodeJS.Timeout | undefined;
  private slot = 0;
  private due: number;

  constructor(
    private readonly period: number,
    private readonly slots: number,
    private readonly sample: (slot: number) => void,
  ) {
    this.due = Date.now() + period / slots;
  }

  start(): void {
    this.timer = setTimeout(() => this.turn(), Math.max(0, this.due - Date.now()));
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private turn(): void {
    const late = Date.now() - this.due;
    if (late > this.period) this.due += Math.floor(late / this.period) * this.period;
    this.sample(this.slot);
    this.slot = (this.slot + 1) % this.slots;
    this.due += this.period / this.slots;
    this.start();
  }
}
