/**
 * What the demo city takes from the real place: district names, populations, water works and their capacities,
 * and roughly where people live. Positions of works and centres are rounded on purpose; everything built on
 * them is synthetic.
 *
 * Populations: Xiamen, seventh national census 2020, split over districts. Works' capacities: press reports of
 * 2015–2025. Room counts: a proposal scaled to 2,000 rooms.
 */

export interface DistrictFacts {
  code: string;
  /** prefix of station codes */
  prefix: string;
  zh: string;
  en: string;
  lon: number;
  lat: number;
  population: number;
  rooms: number;
}

export const districtFacts: readonly DistrictFacts[] = [
  {
    code: '350203',
    prefix: 'SM',
    zh: '思明',
    en: 'Siming',
    lon: 118.126,
    lat: 24.466,
    population: 1_073_315,
    rooms: 520,
  },
  {
    code: '350206',
    prefix: 'HL',
    zh: '湖里',
    en: 'Huli',
    lon: 118.133,
    lat: 24.52,
    population: 1_036_974,
    rooms: 420,
  },
  {
    code: '350211',
    prefix: 'JM',
    zh: '集美',
    en: 'Jimei',
    lon: 118.018,
    lat: 24.64,
    population: 1_036_987,
    rooms: 400,
  },
  {
    code: '350205',
    prefix: 'HC',
    zh: '海沧',
    en: 'Haicang',
    lon: 117.971,
    lat: 24.535,
    population: 582_519,
    rooms: 260,
  },
  {
    code: '350212',
    prefix: 'TA',
    zh: '同安',
    en: "Tong'an",
    lon: 118.103,
    lat: 24.777,
    population: 855_920,
    rooms: 210,
  },
  {
    code: '350213',
    prefix: 'XA',
    zh: '翔安',
    en: "Xiang'an",
    lon: 118.27,
    lat: 24.67,
    population: 578_255,
    rooms: 190,
  },
];

/** Where people live: a bump of built-up density around each centre. */
export interface Centre {
  name: string;
  district: string;
  lon: number;
  lat: number;
  /** m */
  radius: number;
  /** peak density, 1 = old town */
  weight: number;
  /** direction of the first street grid, degrees from east, anticlockwise */
  grid: number;
}

export const centres: readonly Centre[] = [
  c('zhongshan', '350203', 118.082, 24.457, 1500, 1.15, 20),
  c('lianban', '350203', 118.118, 24.482, 2000, 1.2, -8),
  c('hubin', '350203', 118.1, 24.472, 1600, 1.1, -14),
  c('ruijing', '350203', 118.15, 24.482, 1800, 0.95, 12),
  c('qianpu', '350203', 118.17, 24.47, 1600, 0.9, 30),
  c('zengcuoan', '350203', 118.128, 24.435, 1200, 0.55, 35),
  c('gulangyu', '350203', 118.063, 24.447, 800, 0.55, 40),
  c('dongdu', '350206', 118.083, 24.493, 1400, 0.8, 62),
  c('huli', '350206', 118.1, 24.514, 1900, 1.05, 28),
  c('jiangtou', '350206', 118.132, 24.502, 1900, 1.2, 2),
  c('wuyuan', '350206', 118.163, 24.52, 1900, 0.9, 38),
  c('gaolin', '350206', 118.182, 24.505, 1500, 0.75, 20),
  c('dianqian', '350206', 118.112, 24.53, 1500, 0.9, 18),
  c('xuecun', '350211', 118.1, 24.578, 1500, 0.9, 30),
  c('xinglin', '350211', 118.038, 24.57, 1800, 1.0, 48),
  c('new-town', '350211', 118.036, 24.605, 1900, 0.85, 8),
  c('jimei-north', '350211', 118.095, 24.61, 1900, 0.9, -20),
  c('guankou', '350211', 117.988, 24.612, 1800, 0.7, 25),
  c('houxi', '350211', 118.045, 24.645, 2000, 0.6, 40),
  c('software-park', '350211', 118.072, 24.632, 1400, 0.65, 5),
  c('haicang', '350205', 118.022, 24.487, 2000, 1.1, 15),
  c('songyu', '350205', 118.048, 24.468, 1100, 0.5, 30),
  c('xinyang', '350205', 117.998, 24.524, 1800, 0.9, -12),
  c('maqing', '350205', 117.972, 24.495, 1700, 0.65, 10),
  c('dongfu', '350205', 117.928, 24.553, 1600, 0.42, 50),
  c('port', '350205', 117.985, 24.472, 1500, 0.5, 5),
  c('datong', '350212', 118.153, 24.735, 2000, 1.1, -18),
  c('xinmin', '350212', 118.124, 24.72, 1800, 0.8, 8),
  c('xike', '350212', 118.163, 24.702, 1700, 0.75, 30),
  c('industry', '350212', 118.094, 24.7, 2000, 0.7, 42),
  c('wuxian', '350212', 118.062, 24.716, 1500, 0.4, 15),
  c('hongtang', '350212', 118.188, 24.768, 1500, 0.35, 25),
  c('tingxi', '350212', 118.132, 24.788, 1300, 0.3, 60),
  c('maxiang', '350213', 118.24, 24.665, 2000, 1.0, 10),
  c('xindian', '350213', 118.245, 24.612, 2000, 1.0, 32),
  c('new-xiangan', '350213', 118.222, 24.588, 1700, 0.7, 20),
  c('neicuo', '350213', 118.275, 24.645, 1600, 0.5, 45),
  c('xinxu', '350213', 118.255, 24.733, 1500, 0.42, -15),
  c('torch', '350213', 118.206, 24.658, 1700, 0.6, 25),
];

/** Arterial roads, as chains of centres or works: where transmission mains run between towns. */
export const corridors: readonly (readonly string[])[] = [
  ['zhongshan', 'hubin', 'lianban', 'ruijing', 'qianpu'],
  ['hubin', 'dongdu', 'huli', 'dianqian', 'GD'],
  ['lianban', 'jiangtou', 'dianqian'],
  ['jiangtou', 'wuyuan', 'gaolin', 'qianpu', 'zengcuoan', 'zhongshan'],
  ['GD', 'wuyuan'],
  ['huli', 'jiangtou'],
  ['xuecun', 'JM', 'jimei-north', 'software-park', 'houxi', 'new-town', 'xinglin', 'XL'],
  ['new-town', 'guankou', 'dongfu'],
  ['xinglin', 'HC', 'xinyang', 'haicang', 'songyu'],
  ['HC', 'dongfu'],
  ['xinyang', 'maqing', 'port', 'haicang'],
  ['jimei-north', 'industry', 'xinmin', 'datong', 'MS', 'hongtang', 'xinxu', 'XN'],
  ['xinmin', 'XS', 'tingxi'],
  ['industry', 'wuxian'],
  ['datong', 'xike', 'torch', 'maxiang', 'XA', 'xindian', 'new-xiangan'],
  ['xindian', 'neicuo', 'XN', 'maxiang'],
];

/** Mains under or over water; both ends lie on land. */
export interface Crossing {
  id: string;
  zh: string;
  en: string;
  from: readonly [lon: number, lat: number];
  to: readonly [lon: number, lat: number];
}

export const crossings: readonly Crossing[] = [
  { id: 'X-JM', zh: '集美跨海管', en: 'Jimei crossing', from: [118.102, 24.545], to: [118.1, 24.575] },
  {
    id: 'X-HC',
    zh: '海沧海底管',
    en: 'Haicang undersea main',
    from: [118.079, 24.496],
    to: [118.034, 24.489],
  },
  {
    id: 'X-GL',
    zh: '鼓浪屿海底管',
    en: 'Gulangyu undersea main',
    from: [118.0775, 24.452],
    to: [118.066, 24.448],
  },
];

export interface WorksFacts {
  id: string;
  zh: string;
  en: string;
  district: string;
  lon: number;
  lat: number;
  /** m³/d */
  capacity: number;
}

export const worksFacts: readonly WorksFacts[] = [
  {
    id: 'GD',
    zh: '高殿水厂',
    en: 'Gaodian Works',
    district: '350206',
    lon: 118.103,
    lat: 24.53,
    capacity: 900_000,
  },
  {
    id: 'LB',
    zh: '莲坂水厂',
    en: 'Lianban Works',
    district: '350203',
    lon: 118.113,
    lat: 24.487,
    capacity: 60_000,
  },
  {
    id: 'XL',
    zh: '杏林水厂',
    en: 'Xinglin Works',
    district: '350211',
    lon: 118.035,
    lat: 24.572,
    capacity: 300_000,
  },
  {
    id: 'JM',
    zh: '集美水厂',
    en: 'Jimei Works',
    district: '350211',
    lon: 118.085,
    lat: 24.606,
    capacity: 130_000,
  },
  {
    id: 'HC',
    zh: '海沧水厂',
    en: 'Haicang Works',
    district: '350205',
    lon: 117.955,
    lat: 24.545,
    capacity: 400_000,
  },
  {
    id: 'XS',
    zh: '西山水厂',
    en: 'Xishan Works',
    district: '350212',
    lon: 118.12,
    lat: 24.74,
    capacity: 150_000,
  },
  {
    id: 'MS',
    zh: '梅山水厂',
    en: 'Meishan Works',
    district: '350212',
    lon: 118.155,
    lat: 24.745,
    capacity: 80_000,
  },
  {
    id: 'XA',
    zh: '翔安水厂',
    en: "Xiang'an Works",
    district: '350213',
    lon: 118.235,
    lat: 24.64,
    capacity: 220_000,
  },
  {
    id: 'XN',
    zh: '翔安北水厂',
    en: "Xiang'an North Works",
    district: '350213',
    lon: 118.27,
    lat: 24.72,
    capacity: 150_000,
  },
];

/** Mountains that streets avoid: a Gaussian bump each. */
export interface Hill {
  lon: number;
  lat: number;
  /** m */
  height: number;
  /** m */
  radius: number;
}

export const hills: readonly Hill[] = [
  { lon: 118.108, lat: 24.4525, height: 150, radius: 750 },
  { lon: 118.128, lat: 24.4565, height: 330, radius: 1000 },
  { lon: 118.147, lat: 24.455, height: 150, radius: 700 },
  { lon: 118.1, lat: 24.49, height: 110, radius: 520 },
  { lon: 118.148, lat: 24.513, height: 60, radius: 650 },
  { lon: 118.012, lat: 24.505, height: 140, radius: 900 },
  { lon: 117.94, lat: 24.515, height: 330, radius: 1700 },
  { lon: 117.91, lat: 24.525, height: 300, radius: 1700 },
  { lon: 117.95, lat: 24.58, height: 240, radius: 1600 },
  { lon: 117.9, lat: 24.6, height: 420, radius: 3200 },
  { lon: 117.94, lat: 24.67, height: 520, radius: 4000 },
  { lon: 117.985, lat: 24.705, height: 480, radius: 3000 },
  { lon: 118.0, lat: 24.79, height: 600, radius: 4200 },
  { lon: 118.09, lat: 24.66, height: 190, radius: 1500 },
  { lon: 118.125, lat: 24.66, height: 90, radius: 1200 },
  { lon: 118.085, lat: 24.83, height: 450, radius: 2800 },
  { lon: 118.19, lat: 24.83, height: 420, radius: 3000 },
  { lon: 118.2, lat: 24.72, height: 170, radius: 1500 },
  { lon: 118.29, lat: 24.77, height: 380, radius: 3200 },
  { lon: 118.32, lat: 24.69, height: 320, radius: 2600 },
  { lon: 118.285, lat: 24.605, height: 90, radius: 900 },
];

function c(
  name: string,
  district: string,
  lon: number,
  lat: number,
  radius: number,
  weight: number,
  grid: number,
): Centre {
  return { name, district, lon, lat, radius, weight, grid };
}
