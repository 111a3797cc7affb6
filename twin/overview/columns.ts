/**
 * What the city map knows of every station: one row per station (in the order of `GET /api/stations`),
 * these columns. Live socket topic `overview` and `GET /api/overview?at=` carry exactly this sheet.
 */
export interface OverviewColumn {
  key: OverviewKey;
  zh: string;
  en: string;
  unit: string;
  resolution: number;
}

export type OverviewKey =
  | 'state'
  | 'inletPressure'
  | 'outletPressure'
  | 'pressureError'
  | 'inflow'
  | 'outflow'
  | 'level'
  | 'power'
  | 'pumpsRunning'
  | 'flags'
  | 'lastMessage';

/** Column `state`. */
export const StationState = { never: 0, live: 1, stale: 2, offline: 3 } as const;
export type StationStateCode = (typeof StationState)[keyof typeof StationState];

/** Bits of column `flags`. */
export const StationFlag = {
  badData: 1,
  limit: 2,
  pumpFault: 4,
  powerLost: 8,
  flooded: 16,
  unregistered: 32,
} as const;

export const OVERVIEW_COLUMNS: readonly OverviewColumn[] = [
  { key: 'state', zh: '状态', en: 'State', unit: '', resolution: 1 },
  { key: 'inletPressure', zh: '进水压力', en: 'Inlet pressure', unit: 'MPa', resolution: 0.001 },
  {
    key: 'outletPressure',
    zh: '出水压力（低区）',
    en: 'Outlet pressure (lowest zone)',
    unit: 'MPa',
    resolution: 0.001,
  },
  { key: 'pressureError', zh: '压力偏差', en: 'Pressure minus set-point', unit: 'MPa', resolution: 0.001 },
  { key: 'inflow', zh: '进水流量', en: 'Inflow', unit: 'm³/h', resolution: 0.1 },
  { key: 'outflow', zh: '出水流量', en: 'Outflow', unit: 'm³/h', resolution: 0.1 },
  { key: 'level', zh: '水箱液位', en: 'Tank level', unit: '%', resolution: 0.1 },
  { key: 'power', zh: '功率', en: 'Power', unit: 'kW', resolution: 0.1 },
  { key: 'pumpsRunning', zh: '运行水泵', en: 'Pumps running', unit: '', resolution: 1 },
  { key: 'flags', zh: '标志', en: 'Flags', unit: '', resolution: 1 },
  // seconds since epoch: the age of the last message is the reader's clock minus this
  { key: 'lastMessage', zh: '最近报文', en: 'Last message', unit: 's', resolution: 0.1 },
];

export const OVERVIEW_INDEX = Object.fromEntries(
  OVERVIEW_COLUMNS.map((column, i) => [column.key, i]),
) as Record<OverviewKey, number>;
