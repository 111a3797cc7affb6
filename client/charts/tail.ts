/** The values of some points since a chart was opened; bounded, the oldest go first. */
export class Tail {
  private readonly points = new Map<string, [number, number][]>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Takes a value unless it is not newer than the last one. */
  add(name: string, time: number, value: number): void {
    if (!Number.isFinite(time)) return;
    const list = this.points.get(name) ?? [];
    this.points.set(name, list);
    if (time <= (list.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY)) return;
    list.push([time, value]);
    if (list.length > this.limit) list.splice(0, list.length - this.limit);
  }

  of(name: string): readonly (readonly [number, number])[] {
    return this.points.get(name) ?? [];
  }
}
