/** A label's box on screen, pixels. */
export interface LabelBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Which labels are shown, in the order given: each only where it lies on none that came before it.
 * `x` and `y` are the middle of the box.
 */
export function fitting(boxes: readonly LabelBox[]): boolean[] {
  const placed: LabelBox[] = [];
  return boxes.map((box) => {
    const free = placed.every((other) => !overlap(box, other));
    if (free) placed.push(box);
    return free;
  });
}

function overlap(a: LabelBox, b: LabelBox): boolean {
  return Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height;
}
