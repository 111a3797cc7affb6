/**
 * The nearest of some places to a point on screen, or −1 when none lies within `reach` pixels. A loop over two
 * thousand places costs less than asking the graphics card.
 */
export function nearest(
  count: number,
  placeOf: (index: number) => { x: number; y: number } | null,
  x: number,
  y: number,
  reach: number,
): number {
  let best = -1;
  let shortest = reach * reach;
  for (let i = 0; i < count; i++) {
    const place = placeOf(i);
    if (!place) continue;
    const distance = (place.x - x) ** 2 + (place.y - y) ** 2;
    if (distance <= shortest) {
      shortest = distance;
      best = i;
    }
  }
  return best;
}
