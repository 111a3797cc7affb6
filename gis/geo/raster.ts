/** A field of numbers on square cells; values stand at cell centres. Metres of a local plane. */
export interface Raster {
  /** west and south edge, m */
  x0: number;
  y0: number;
  /** side of a cell, m */
  cell: number;
  cols: number;
  rows: number;
  /** row by row from the south */
  data: Float32Array;
}

export interface Box {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/** A raster over the box, every value 0. */
export function emptyRaster(box: Box, cell: number): Raster {
  const cols = Math.ceil((box.x1 - box.x0) / cell);
  const rows = Math.ceil((box.y1 - box.y0) / cell);
  return { x0: box.x0, y0: box.y0, cell, cols, rows, data: new Float32Array(cols * rows) };
}

/** A raster whose value at each cell is `value(x, y)` of the cell's centre. */
export function fillRaster(box: Box, cell: number, value: (x: number, y: number) => number): Raster {
  const raster = emptyRaster(box, cell);
  for (let row = 0; row < raster.rows; row++) {
    const y = raster.y0 + (row + 0.5) * cell;
    for (let col = 0; col < raster.cols; col++) {
      raster.data[row * raster.cols + col] = value(raster.x0 + (col + 0.5) * cell, y);
    }
  }
  return raster;
}

/** Bilinear value; beyond the edge the value of the edge. */
export function sample(raster: Raster, x: number, y: number): number {
  const { cols, rows, data } = raster;
  const u = clamp((x - raster.x0) / raster.cell - 0.5, 0, cols - 1.001);
  const v = clamp((y - raster.y0) / raster.cell - 0.5, 0, rows - 1.001);
  const col = Math.floor(u);
  const row = Math.floor(v);
  const fx = u - col;
  const fy = v - row;
  const at = row * cols + col;
  const south = data[at]! * (1 - fx) + data[at + 1]! * fx;
  const north = data[at + cols]! * (1 - fx) + data[at + cols + 1]! * fx;
  return south * (1 - fy) + north * fy;
}

/** Mean over a square window of `radius` cells each way, applied twice (close to a Gaussian). */
export function blurred(raster: Raster, radius: number): Raster {
  const once = boxBlur(boxBlur(raster, radius, 1), radius, raster.cols);
  return boxBlur(boxBlur(once, radius, 1), radius, raster.cols);
}

function boxBlur(raster: Raster, radius: number, stride: number): Raster {
  const { cols, rows, data } = raster;
  const along = stride === 1 ? cols : rows;
  const across = stride === 1 ? rows : cols;
  const step = stride === 1 ? cols : 1;
  const out = new Float32Array(data.length);
  for (let line = 0; line < across; line++) {
    const start = line * step;
    let sum = 0;
    for (let k = -radius; k <= radius; k++) sum += data[start + clamp(k, 0, along - 1) * stride]!;
    for (let k = 0; k < along; k++) {
      out[start + k * stride] = sum / (2 * radius + 1);
      sum += data[start + Math.min(along - 1, k + radius + 1) * stride]!;
      sum -= data[start + Math.max(0, k - radius) * stride]!;
    }
  }
  return { ...raster, data: out };
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : Math.min(value, high);
}
