/** The station marks, drawn once into one picture; deck tints them, so they are white masks. */
export const ICON_NAMES = [
  'dot',
  'disc',
  'triangle',
  'diamond',
  'square',
  'stale',
  'offline',
  'never',
] as const;
export type IconName = (typeof ICON_NAMES)[number];

const CELL = 64;

export interface IconAtlas {
  image: HTMLCanvasElement;
  mapping: Record<IconName, { x: number; y: number; width: number; height: number; mask: true }>;
}

/** Throws when the browser gives no 2D canvas. */
export function iconAtlas(): IconAtlas {
  const image = document.createElement('canvas');
  image.width = CELL * ICON_NAMES.length;
  image.height = CELL;
  const pen = image.getContext('2d');
  if (!pen) throw new Error('no 2D canvas for the station marks');
  pen.fillStyle = 'white';
  pen.strokeStyle = 'white';
  pen.lineJoin = 'round';
  pen.lineCap = 'round';
  ICON_NAMES.forEach((name, i) => {
    pen.save();
    pen.translate(i * CELL + CELL / 2, CELL / 2);
    MARKS[name](pen);
    pen.restore();
  });
  const mapping = Object.fromEntries(
    ICON_NAMES.map((name, i) => [
      name,
      { x: i * CELL, y: 0, width: CELL, height: CELL, mask: true as const },
    ]),
  ) as IconAtlas['mapping'];
  return { image, mapping };
}

const MARKS: Record<IconName, (pen: CanvasRenderingContext2D) => void> = {
  dot: (pen) => disc(pen, 22),
  disc: (pen) => disc(pen, 24),
  triangle: (pen) => polygon(pen, [0, -25, 26, 21, -26, 21]),
  diamond: (pen) => polygon(pen, [0, -27, 27, 0, 0, 27, -27, 0]),
  square: (pen) => polygon(pen, [-21, -21, 21, -21, 21, 21, -21, 21]),
  stale(pen) {
    dashedRing(pen);
  },
  offline(pen) {
    dashedRing(pen);
    pen.setLineDash([]);
    pen.lineCap = 'round';
    pen.beginPath();
    pen.moveTo(-8, -8);
    pen.lineTo(8, 8);
    pen.moveTo(8, -8);
    pen.lineTo(-8, 8);
    pen.stroke();
  },
  never(pen) {
    pen.lineWidth = 5;
    ring(pen, 14);
  },
};

function disc(pen: CanvasRenderingContext2D, radius: number): void {
  pen.beginPath();
  pen.arc(0, 0, radius, 0, 2 * Math.PI);
  pen.fill();
}

function ring(pen: CanvasRenderingContext2D, radius: number): void {
  pen.beginPath();
  pen.arc(0, 0, radius, 0, 2 * Math.PI);
  pen.stroke();
}

/** Eight dashes: still apart when the mark is ten pixels wide. */
function dashedRing(pen: CanvasRenderingContext2D): void {
  const radius = 23;
  const dash = (2 * Math.PI * radius) / 8;
  pen.lineWidth = 9;
  pen.lineCap = 'butt';
  pen.setLineDash([dash * 0.6, dash * 0.4]);
  ring(pen, radius);
}

function polygon(pen: CanvasRenderingContext2D, xy: number[]): void {
  pen.beginPath();
  for (let i = 0; i < xy.length; i += 2) pen.lineTo(xy[i]!, xy[i + 1]!);
  pen.closePath();
  pen.fill();
  pen.lineWidth = 4;
  pen.stroke();
}
