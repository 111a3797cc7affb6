import type { Point } from '#gis/geo/plane.ts';
import type { Box } from '#gis/geo/raster.ts';

/** Points of street lines with their directions, found by place: chains of points in square cells. */
export class PointIndex {
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  readonly #ux: number[] = [];
  readonly #uy: number[] = [];
  readonly #line: number[] = [];
  readonly #next: number[] = [];
  readonly #head: Int32Array;
  readonly #cols: number;
  readonly #rows: number;

  constructor(
    private readonly box: Box,
    private readonly cell: number,
  ) {
    this.#cols = Math.ceil((box.x1 - box.x0) / cell) + 1;
    this.#rows = Math.ceil((box.y1 - box.y0) / cell) + 1;
    this.#head = new Int32Array(this.#cols * this.#rows).fill(-1);
  }

  addLine(points: readonly Point[], line: number): void {
    points.forEach(([x, y], i) => {
      const a = points[Math.max(0, i - 1)]!;
      const b = points[Math.min(points.length - 1, i + 1)]!;
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
      const at = this.#x.length;
      this.#x.push(x);
      this.#y.push(y);
      this.#ux.push((b[0] - a[0]) / length);
      this.#uy.push((b[1] - a[1]) / length);
      this.#line.push(line);
      const cell = this.#row(y) * this.#cols + this.#col(x);
      this.#next.push(this.#head[cell]!);
      this.#head[cell] = at;
    });
  }

  /** Whether a line that runs the same way (|cos| above `parallel`) has a point within `reach`. */
  parallelWithin(x: number, y: number, ux: number, uy: number, reach: number, parallel: number): boolean {
    const found = this.#near(x, y, reach, (k) => {
      const dot = this.#ux[k]! * ux + this.#uy[k]! * uy;
      return dot > parallel || dot < -parallel;
    });
    return found >= 0;
  }

  /** Nearest point of another line than `line` within `reach`, or undefined. */
  nearestOther(
    x: number,
    y: number,
    line: number,
    reach: number,
  ): { line: number; point: Point } | undefined {
    let best = reach * reach;
    let nearest = -1;
    this.#near(x, y, reach, (k) => {
      if (this.#line[k] === line) return false;
      const d2 = (this.#x[k]! - x) ** 2 + (this.#y[k]! - y) ** 2;
      if (d2 < best) {
        best = d2;
        nearest = k;
      }
      return false;
    });
    if (nearest < 0) return undefined;
    return { line: this.#line[nearest]!, point: [this.#x[nearest]!, this.#y[nearest]!] };
  }

  #near(x: number, y: number, reach: number, accept: (k: number) => boolean): number {
    const reach2 = reach * reach;
    const col1 = this.#col(x + reach);
    const row1 = this.#row(y + reach);
    for (let row = this.#row(y - reach); row <= row1; row++) {
      for (let col = this.#col(x - reach); col <= col1; col++) {
        for (let k = this.#head[row * this.#cols + col]!; k >= 0; k = this.#next[k]!) {
          const dx = this.#x[k]! - x;
          const dy = this.#y[k]! - y;
          if (dx * dx + dy * dy < reach2 && accept(k)) return k;
        }
      }
    }
    return -1;
  }

  #col(x: number): number {
    return Math.min(this.#cols - 1, Math.max(0, Math.floor((x - this.box.x0) / this.cell)));
  }

  #row(y: number): number {
    return Math.min(this.#rows - 1, Math.max(0, Math.floor((y - this.box.y0) / this.cell)));
  }
}
