import type { PressureZone, StationKind } from '#twin/model/station.ts';

/** Where everything of a process picture stands, in the picture's own units. */
export interface PictureLayout {
  width: number;
  height: number;
  main: { x: number; y1: number; y2: number };
  inlet: Polyline;
  valve: { x: number; y: number };
  store: {
    kind: 'tank' | 'stabiliser';
    x: number;
    y: number;
    width: number;
    height: number;
    compartments: number;
  };
  /** from the store to the last pump set */
  suction: Polyline;
  sets: SetLayout[];
}

export interface SetLayout {
  zone: PressureZone;
  x: number;
  y: number;
  width: number;
  height: number;
  suction: Polyline;
  delivery: Polyline;
  pumps: { id: string; x: number; y: number; riser: Polyline }[];
  /** left edge of the readings at the outlet */
  outlet: { x: number; y: number };
}

export type Polyline = readonly (readonly [x: number, y: number])[];

export interface PictureShape {
  kind: StationKind;
  /** 0 for stations without a tank */
  compartments: number;
  sets: readonly { zone: PressureZone; pumps: number }[];
}

const INLET_WIDTH = 400;
const STORE_HEIGHT = 176;
const SET_HEIGHT = 128;
const SET_WIDTH = 400;
const PUMP_PITCH = 56;
const BUS_X = 22;
const RISE = 70;

/**
 * The picture of any station: supply and store above (or, when wide, to the left), one row per pump set. Water
 * goes from the main through the store, down the suction header and up through each pump to the zone's outlet.
 */
export function pictureLayout({ kind, compartments, sets }: PictureShape, wide: boolean): PictureLayout {
  const originX = wide ? INLET_WIDTH + 16 : 0;
  const originY = wide ? 0 : STORE_HEIGHT;
  const setsHeight = sets.length * SET_HEIGHT;
  const height = wide ? Math.max(STORE_HEIGHT, setsHeight) : STORE_HEIGHT + setsHeight;
  const top = wide ? Math.max(0, (height - STORE_HEIGHT) / 2) : 0;

  const tank = kind === 'tank' && compartments > 0;
  const store = tank
    ? { kind: 'tank' as const, x: 214, y: top + 26, width: 168, height: 112, compartments }
    : { kind: 'stabiliser' as const, x: 232, y: top + 66, width: 128, height: 46, compartments: 1 };
  const inletY = tank ? top + 48 : store.y + store.height / 2;
  const rows = sets.map((set, i) => setLayout(set, originX, originY + i * SET_HEIGHT));
  const lastY = rows.at(-1)?.suction[0]?.[1] ?? originY;
  const outY = tank ? store.y + store.height - 14 : inletY;
  const bus = originX + BUS_X;
  const outX = store.x + store.width;
  const suction: Polyline = wide
    ? [
        [outX, outY],
        [bus, outY],
        [bus, Math.min(outY, rows[0]?.suction[0]?.[1] ?? outY)],
        [bus, Math.max(outY, lastY)],
      ]
    : [
        [store.x + store.width / 2, store.y + store.height],
        [store.x + store.width / 2, STORE_HEIGHT - 8],
        [bus, STORE_HEIGHT - 8],
        [bus, lastY],
      ];
  return {
    width: wide ? originX + SET_WIDTH + 120 : SET_WIDTH,
    height,
    main: { x: 26, y1: top + 14, y2: top + STORE_HEIGHT - 30 },
    inlet: [
      [26, inletY],
      [store.x, inletY],
    ],
    valve: { x: 150, y: inletY },
    store,
    suction,
    sets: rows,
  };

  function setLayout(set: PictureShape['sets'][number], x: number, y: number): SetLayout {
    const width = wide ? SET_WIDTH + 120 : SET_WIDTH;
    const deliveryY = y + 24;
    const suctionY = deliveryY + RISE;
    const outletX = x + width - 112;
    const room = outletX - (x + BUS_X) - 36;
    const pitch = Math.min(wide ? 84 : PUMP_PITCH, room / set.pumps);
    const firstX = x + BUS_X + 38;
    const pumps = Array.from({ length: set.pumps }, (_, k) => {
      const at = firstX + k * pitch;
      return {
        id: `P${k + 1}`,
        x: at,
        y: (deliveryY + suctionY) / 2 - 4,
        riser: [
          [at, suctionY],
          [at, deliveryY],
        ] as Polyline,
      };
    });
    const lastX = pumps.at(-1)?.x ?? firstX;
    return {
      zone: set.zone,
      x,
      y,
      width,
      height: SET_HEIGHT,
      suction: [
        [x + BUS_X, suctionY],
        [lastX, suctionY],
      ],
      delivery: [
        [pumps[0]?.x ?? firstX, deliveryY],
        [outletX - 4, deliveryY],
      ],
      pumps,
      outlet: { x: outletX + 4, y: deliveryY },
    };
  }
}

/** `M x y L x y …` */
export const pathOf = (line: Polyline): string =>
  line.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join(' ');
