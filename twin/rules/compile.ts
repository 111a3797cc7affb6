import type { Template } from '#twin/catalogue/template.ts';
import type { TemplateColumns } from '#twin/state/columns.ts';
import { HOUR } from '#twin/units.ts';
import type { Condition, Gathering, PointRef } from './condition.ts';
import type { Comparison } from './expression.ts';
import { Window } from './window.ts';

/** One moment of one template's columns. */
export interface Look {
  columns: TemplateColumns;
  rows: number;
  /** ms since epoch */
  now: number;
  /** the city's local time less UTC, ms */
  zoneOffset: number;
}

/** Evaluates all rows of a template; the answer is valid until the next call. 1, 0, or NaN where it is not known. */
export type Column = (look: Look) => Float64Array;

/** The pump set or pump that is looked at: `LO`, `LO/P1`, or '' for the station. */
export interface Spot {
  name: string;
  zone: string | null;
  pump: string | null;
}

/** All spots of a template at a depth. */
export function spotsOf({ points }: Template, scope: 'station' | 'set' | 'pump'): Spot[] {
  if (scope === 'station') return [STATION];
  const spots = new Map<string, Spot>();
  for (const { zone, pump } of points) {
    if (!zone || (scope === 'pump') !== Boolean(pump)) continue;
    const name = pump ? `${zone}/${pump}` : zone;
    spots.set(name, { name, zone, pump: pump ?? null });
  }
  return [...spots.values()];
}

const STATION: Spot = { name: '', zone: null, pump: null };

/**
 * Compiles a condition to loops over the columns of a template, as seen from a spot. Null when the template lacks a
 * point of it: the rule does not concern this kind of station.
 * @param accepts by quality code: 1 when a value of that quality counts, else it is not known
 */
export function compile(
  condition: Condition,
  template: Template,
  spot: Spot,
  accepts: Uint8Array,
): Column | null {
  try {
    return build(condition, { template, spot, accepts });
  } catch (error) {
    if (error instanceof Absent) return null;
    throw error;
  }
}

interface Site {
  template: Template;
  spot: Spot;
  accepts: Uint8Array;
}

/** A point that this template does not have. */
class Absent extends Error {}

function build(condition: Condition, site: Site): Column {
  switch (condition.kind) {
    case 'constant':
      return filled(() => condition.value);
    case 'silence':
      return perRow(({ columns, now }, row) => {
        const last = columns.lastMessage[row]!;
        return last === 0 ? Number.NaN : (now - last) / 1000;
      });
    case 'offline':
      return perRow(({ columns }, row) => {
        const last = columns.lastMessage[row]!;
        return last === 0 ? Number.NaN : columns.offlineSince[row]! >= last ? 1 : 0;
      });
    case 'hour':
      return filled(({ now, zoneOffset }) => ((now + zoneOffset) / HOUR) % 24);
    case 'point':
      return pointColumn(indexOf(condition, site), site.accepts);
    case 'age': {
      const index = indexOf(condition, site);
      return perRow(({ columns, now }, row) => {
        const time = columns.times[index]![row]!;
        return time === 0 ? Number.NaN : (now - time) / 1000;
      });
    }
    case 'hasQuality': {
      const index = indexOf(condition, site);
      return perRow(({ columns }, row) =>
        columns.times[index]![row] === 0
          ? Number.NaN
          : columns.qualities[index]![row] === condition.quality
            ? 1
            : 0,
      );
    }
    case 'not':
      return unary(build(condition.of, site), (x) => 1 - x);
    case 'minus':
      return unary(build(condition.of, site), (x) => -x);
    case 'abs':
      return unary(build(condition.of, site), Math.abs);
    case 'logic':
      return (condition.op === 'and' ? and : or)(build(condition.left, site), build(condition.right, site));
    case 'compare':
      return comparison(condition.op, condition.left, condition.right, site);
    case 'arithmetic':
      return ARITHMETIC[condition.op](build(condition.left, site), build(condition.right, site));
    case 'gather':
      return gathered(condition.how, members(condition.over, condition.of, site));
    case 'window':
      return windowed(new Window(condition.how, condition.seconds, 0), build(condition.of, site));
  }
}

function indexOf({ tag, scope, zone, pump }: PointRef, { template, spot }: Site): number {
  const z = zone ?? spot.zone;
  const p = pump ?? spot.pump;
  const name = scope === 'station' ? tag : scope === 'set' ? `${z}/${tag}` : `${z}/${p}/${tag}`;
  const index = template.index.get(name);
  if (index === undefined) throw new Absent(name);
  return index;
}

/** The same condition at each pump set or pump of the spot. */
function members(over: 'set' | 'pump', of: Condition, site: Site): Column[] {
  const spots = spotsOf(site.template, over).filter(
    ({ zone }) => site.spot.zone === null || zone === site.spot.zone,
  );
  return spots.map((spot) => build(of, { ...site, spot }));
}

// What follows are the loops. Each column has one answer of its own, as long as the widest template it met.

function answers(): (rows: number) => Float64Array {
  let out = new Float64Array(0);
  return (rows) => {
    if (out.length < rows) out = new Float64Array(2 * rows);
    return out;
  };
}

function filled(value: (look: Look) => number): Column {
  const room = answers();
  return (look) => room(look.rows).fill(value(look), 0, look.rows);
}

function perRow(value: (look: Look, row: number) => number): Column {
  const room = answers();
  return (look) => {
    const out = room(look.rows);
    for (let row = 0; row < look.rows; row++) out[row] = value(look, row);
    return out;
  };
}

function pointColumn(index: number, accepts: Uint8Array): Column {
  const room = answers();
  return ({ columns, rows }) => {
    const out = room(rows);
    const values = columns.values[index]!;
    const qualities = columns.qualities[index]!;
    for (let row = 0; row < rows; row++)
      out[row] = accepts[qualities[row]!] === 1 ? values[row]! : Number.NaN;
    return out;
  };
}

function unary(of: Column, op: (x: number) => number): Column {
  const room = answers();
  return (look) => {
    const x = of(look);
    const out = room(look.rows);
    for (let row = 0; row < look.rows; row++) out[row] = op(x[row]!);
    return out;
  };
}

/** Kleene's logic: false decides an "and", true an "or", whatever the other side is; else what is not known stays so. */
function and(left: Column, right: Column): Column {
  const room = answers();
  return (look) => {
    const a = left(look);
    const b = right(look);
    const out = room(look.rows);
    for (let row = 0; row < look.rows; row++) {
      const x = a[row]!;
      const y = b[row]!;
      out[row] = x === 0 || y === 0 ? 0 : x + y === 2 ? 1 : Number.NaN;
    }
    return out;
  };
}

function or(left: Column, right: Column): Column {
  const room = answers();
  return (look) => {
    const a = left(look);
    const b = right(look);
    const out = room(look.rows);
    for (let row = 0; row < look.rows; row++) {
      const x = a[row]!;
      const y = b[row]!;
      out[row] = x === 1 || y === 1 ? 1 : x + y === 0 ? 0 : Number.NaN;
    }
    return out;
  };
}

/** `a < b` is `b > a`, `a != b` is not `a = b`: three loops serve six comparisons. */
function comparison(op: Comparison, l: Condition, r: Condition, site: Site): Column {
  const left = build(l, site);
  const right = build(r, site);
  switch (op) {
    case '<':
      return less(left, right);
    case '>':
      return less(right, left);
    case '<=':
      return lessOrEqual(left, right);
    case '>=':
      return lessOrEqual(right, left);
    case '=':
      return equal(left, right);
    case '!=':
      return unary(equal(left, right), (x) => 1 - x);
  }
}

function less(left: Column, right: Column): Column {
  const room = answers();
  return (look) => {
    const a = left(look);
    const b = right(look);
    const out = room(look.rows);
    for (let row = 0; row < look.rows; row++) {
      const x = a[row]!;
      const y = b[row]!;
      out[row] = x < y ? 1 : x >= y ? 0 : Number.NaN;
    }
    return out;
  };
}

function lessOrEqual(left: Column, right: Column): Column {
  const room = answers();
  return (look) => {
    const a = left(look);
    const b = right(look);
    const out = room(look.rows);
    for (let row = 0; row < look.rows; row++) {
      const x = a[row]!;
      const y = b[row]!;
      out[row] = x <= y ? 1 : x > y ? 0 : Number.NaN;
    }
    return out;
  };
}

function equal(left: Column, right: Column): Column {
  const room = answers();
  return (look) => {
    const a = left(look);
    const b = right(look);
    const out = room(look.rows);
    for (let row = 0; row < look.rows; row++) {
      const x = a[row]!;
      const y = b[row]!;
      out[row] = x === y ? 1 : Number.isNaN(x + y) ? Number.NaN : 0;
    }
    return out;
  };
}

type Binary = (left: Column, right: Column) => Column;

const arithmetic =
  (op: (x: number, y: number) => number): Binary =>
  (left, right) => {
    const room = answers();
    return (look) => {
      const a = left(look);
      const b = right(look);
      const out = room(look.rows);
      for (let row = 0; row < look.rows; row++) out[row] = op(a[row]!, b[row]!);
      return out;
    };
  };

const ARITHMETIC: Readonly<Record<'+' | '-' | '*' | '/', Binary>> = {
  '+': arithmetic((x, y) => x + y),
  '-': arithmetic((x, y) => x - y),
  '*': arithmetic((x, y) => x * y),
  // nothing divides by nothing: the answer is not known, not infinite
  '/': arithmetic((x, y) => (y === 0 ? Number.NaN : x / y)),
};

function gathered(how: Gathering, columns: readonly Column[]): Column {
  switch (how) {
    case 'any':
      return columns.reduce(
        or,
        filled(() => 0),
      );
    case 'all':
      return columns.reduce(
        and,
        filled(() => 1),
      );
    case 'count':
    case 'sum':
      return columns.reduce(
        ARITHMETIC['+'],
        filled(() => 0),
      );
    case 'largest':
      return columns.reduce(arithmetic(Math.max));
    case 'smallest':
      return columns.reduce(arithmetic(Math.min));
  }
}

function windowed(window: Window, of: Column): Column {
  const room = answers();
  return (look) => {
    const values = of(look);
    const out = room(look.rows);
    window.grow(look.columns.capacity);
    window.step(values, look.rows, look.now, out);
    return out;
  };
}
