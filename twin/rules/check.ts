import { OF_NIGHTS, PROFILED } from '#twin/baseline/plan.ts';
import type { PointDefinition, PointScope } from '#twin/catalogue/definition.ts';
import { POINTS } from '#twin/catalogue/points.data.ts';
import { nearNames } from '#twin/nearNames.ts';
import { QUALITY_NAMES, Quality, type QualityName } from '#twin/state/quality.ts';
import type { Condition, CurveShare, Gathering, PointRef, Usual, Windowing } from './condition.ts';
import {
  type Arithmetic,
  type BinaryNode,
  type CallNode,
  type Comparison,
  type Expression,
  ExpressionError,
  type PointNode,
} from './expression.ts';
import { combined, given, isGiven, negated, scaled } from './given.ts';
import { type Problem, problem } from './problem.ts';
import { ENERGY_UNIT, factor, inUnit, namesIn } from './units.ts';

/** A checked condition and where it is looked at: once per station, per pump set or per pump. */
export interface Checked {
  condition: Condition;
  scope: PointScope;
}

/** Checks that an expression is a condition. @throws ExpressionError with place, cause and where it can a suggestion */
export function checkCondition(expression: Expression): Checked {
  const { condition, scope, type } = check(expression);
  if (type !== 'flag') throw new ExpressionError(problem('notCondition', {}), expression.at);
  return { condition, scope };
}

interface Typed extends Checked {
  type: 'number' | 'flag';
  /** '' has none; null fits any, as a bare number does */
  unit: string | null;
}

const SCOPES: readonly PointScope[] = ['station', 'set', 'pump'];
export const deeperScope = (a: PointScope, b: PointScope): PointScope =>
  SCOPES.indexOf(a) > SCOPES.indexOf(b) ? a : b;

const GATHERINGS: Readonly<Record<Gathering, 'number' | 'flag'>> = {
  any: 'flag',
  all: 'flag',
  count: 'number',
  sum: 'number',
  largest: 'number',
  smallest: 'number',
};
const OF_FLAGS: readonly string[] = ['any', 'all', 'count'];
const WINDOWINGS: readonly Windowing[] = ['change', 'mean', 'min', 'max', 'sd'];
/** What a function of a point says of it, and of which points that is learnt. */
const USUALS: Readonly<Record<string, readonly [what: Usual, of: readonly string[]]>> = {
  usual: ['now', PROFILED],
  spread: ['spread', PROFILED],
  forecast: ['forecast', PROFILED],
  nightMinimum: ['lastNight', OF_NIGHTS],
  usualNightMinimum: ['night', OF_NIGHTS],
};
const CURVES: Readonly<Record<string, CurveShare>> = {
  headShare: 'head',
  shutoffShare: 'shutoff',
  slopeShare: 'slope',
};
export const FUNCTIONS: readonly string[] = [
  ...Object.keys(GATHERINGS),
  ...WINDOWINGS,
  ...Object.keys(USUALS),
  ...Object.keys(CURVES),
  'usualEnergy',
  'ratedCurrent',
  'neighbours',
  ...['age', 'quality', 'silence', 'offline', 'hour', 'abs'],
];
/** A forecast reaches as far: later all days of the kind are alike. */
const LONGEST_FORECAST_S = 86_400;
/** Windows are kept per station: a day is what memory allows, longer ones belong to baselines. */
const LONGEST_WINDOW_S = 86_400;

const byTag = new Map(POINTS.map((definition) => [definition.tag, definition]));
const NAMES = [...byTag.keys(), ...FUNCTIONS.map((name) => `${name}(`)];

function check(node: Expression): Typed {
  switch (node.kind) {
    case 'number':
      return {
        condition: given(node.value, node.stations),
        scope: 'station',
        type: 'number',
        unit: node.unit,
      };
    case 'point':
      return checkPoint(node);
    case 'unary':
      return checkUnary(node.op, node.of);
    case 'call':
      return checkCall(node);
    case 'binary':
      return checkBinary(node);
  }
}

function checkPoint(node: PointNode): Typed {
  const definition = definitionOf(node);
  return {
    condition: { kind: 'point', ...reference(node, definition) },
    scope: node.zone ? 'station' : definition.scope,
    type: definition.type === 'bool' ? 'flag' : 'number',
    unit: definition.unit,
  };
}

function definitionOf({ tag, zone, pump, at }: PointNode): PointDefinition {
  const definition = byTag.get(tag);
  if (!definition)
    throw new ExpressionError(problem('unknownPoint', { name: tag }, nearNames(tag, NAMES, 1)[0]), at);
  const named: PointScope = pump ? 'pump' : zone ? 'set' : definition.scope;
  if (named !== definition.scope) throw new ExpressionError(problem(POINT_OF[definition.scope], { tag }), at);
  return definition;
}

const POINT_OF = { station: 'pointOfStation', set: 'pointOfSet', pump: 'pointOfPump' } as const;

const reference = ({ tag, zone, pump }: PointNode, { scope }: PointDefinition): PointRef => ({
  tag,
  scope,
  zone,
  pump,
});

function checkUnary(op: 'not' | '-', of: Expression): Typed {
  const inner = check(of);
  if (op === '-') {
    needNumber(inner, of);
    return { ...inner, condition: negated(inner.condition) };
  }
  needFlag(inner, of);
  return { ...inner, condition: { kind: 'not', of: inner.condition } };
}

function checkBinary({ op, left: l, right: r, at }: BinaryNode): Typed {
  let left = check(l);
  let right = check(r);
  const scope = deeperScope(left.scope, right.scope);
  if (op === 'and' || op === 'or') {
    needFlag(left, l);
    needFlag(right, r);
    const condition = { kind: 'logic', op, left: left.condition, right: right.condition } as const;
    return { condition, scope, type: 'flag', unit: '' };
  }
  if (op === '*' || op === '/') {
    needNumber(left, l);
    needNumber(right, r);
    // a number scales what it stands by; of two units a third one comes that no point has
    const unit =
      left.unit === null ? (op === '*' ? right.unit : null) : right.unit === null ? left.unit : null;
    return { condition: arithmetic(op, left, right), scope, type: 'number', unit };
  }
  left = converted(left, right.unit);
  right = converted(right, left.unit);
  if (left.unit !== null && right.unit !== null && left.unit !== right.unit)
    throw new ExpressionError(unitsApart([left, l], [right, r]), at);
  if (op === '+' || op === '-') {
    needNumber(left, l);
    needNumber(right, r);
    return { condition: arithmetic(op, left, right), scope, type: 'number', unit: left.unit ?? right.unit };
  }
  return {
    condition: { kind: 'compare', op: op as Comparison, left: left.condition, right: right.condition },
    scope,
    type: 'flag',
    unit: '',
  };
}

const arithmetic = (op: Arithmetic, left: Typed, right: Typed): Condition =>
  combined(op, left.condition, right.condition);

/** What stands beside each other in units that do not fit: a number is asked for in the other's unit. */
function unitsApart([left, l]: [Typed, Expression], [right, r]: [Typed, Expression]): Problem {
  const near = inUnit(r, left.unit!) ?? inUnit(l, right.unit!);
  const named = left.unit === '' || (l.kind === 'number' && right.unit !== '') ? right : left;
  return unitsDiffer(named.unit!, (named === left ? right : left).unit!, near);
}

function unitsDiffer(unit: string, other: string, near?: string): Problem {
  const alike = namesIn(unit);
  return other === ''
    ? problem('unitAndNone', { unit, alike }, near)
    : problem('unitsDiffer', { left: unit, right: other, alike }, near);
}

/** A constant in another unit of time becomes one in the unit it stands by. */
function converted(side: Typed, unit: string | null): Typed {
  if (!isGiven(side.condition) || side.unit === null || unit === null) return side;
  const by = factor(side.unit, unit);
  return by === null ? side : { ...side, condition: scaled(side.condition, by), unit };
}

function checkCall(node: CallNode): Typed {
  const { name, args, at } = node;
  const need = (count: number) => {
    if (args.length !== count)
      throw new ExpressionError(problem('argumentCount', { name, count, given: args.length }), at);
  };
  const none = (condition: Condition, type: Typed['type'], unit: string): Typed => {
    need(0);
    return { condition, scope: 'station', type, unit };
  };
  if (Object.hasOwn(GATHERINGS, name)) {
    need(1);
    return checkGathering(name as Gathering, args[0]!, at);
  }
  if ((WINDOWINGS as readonly string[]).includes(name)) {
    need(2);
    return checkWindow(name as Windowing, args[0]!, args[1]!);
  }
  if (Object.hasOwn(USUALS, name)) {
    need(name === 'forecast' ? 2 : 1);
    return checkUsual(name, args[0]!, args[1]);
  }
  if (Object.hasOwn(CURVES, name)) {
    need(0);
    return { condition: { kind: 'curve', what: CURVES[name]! }, scope: 'pump', type: 'number', unit: '' };
  }
  switch (name) {
    case 'ratedCurrent':
      need(0);
      return { condition: { kind: 'ratedCurrent' }, scope: 'pump', type: 'number', unit: 'A' };
    case 'usualEnergy': {
      need(1);
      return checkEnergy(args[0]!);
    }
    case 'neighbours': {
      need(1);
      return checkNeighbours(args[0]!);
    }
    case 'silence':
      return none({ kind: 'silence' }, 'number', 's');
    case 'offline':
      return none({ kind: 'offline' }, 'flag', '');
    case 'hour':
      return none({ kind: 'hour' }, 'number', 'h');
    case 'abs': {
      need(1);
      const inner = check(args[0]!);
      needNumber(inner, args[0]!);
      return { ...inner, condition: { kind: 'abs', of: inner.condition } };
    }
    case 'age': {
      need(1);
      const { ref, scope } = pointOf(name, args[0]!);
      return { condition: { kind: 'age', ...ref }, scope, type: 'number', unit: 's' };
    }
    case 'quality': {
      need(2);
      const { ref, scope } = pointOf(name, args[0]!);
      const quality = Quality[qualityOf(args[1]!)];
      return { condition: { kind: 'hasQuality', quality, ...ref }, scope, type: 'flag', unit: '' };
    }
  }
  throw new ExpressionError(problem('unknownFunction', { name }, nearNames(name, FUNCTIONS, 1)[0]), at);
}

function checkGathering(how: Gathering, arg: Expression, at: number): Typed {
  const inner = check(arg);
  if (inner.scope === 'station') throw new ExpressionError(problem('gathersOne', { name: how }), at);
  if (OF_FLAGS.includes(how)) needFlag(inner, arg);
  else needNumber(inner, arg);
  return {
    condition: { kind: 'gather', how, over: inner.scope, of: inner.condition },
    scope: 'station',
    type: GATHERINGS[how],
    unit: OF_FLAGS.includes(how) ? '' : inner.unit,
  };
}

/** Looked at once per station, wherever it stands: a number that every set and pump of a station shares. */
function checkNeighbours(arg: Expression): Typed {
  const inner = check(arg);
  needFlag(inner, arg);
  if (inner.scope !== 'station') throw new ExpressionError(problem('neighboursOfStation', {}), arg.at);
  return {
    condition: { kind: 'neighbours', of: inner.condition },
    scope: 'station',
    type: 'number',
    unit: '',
  };
}

function checkWindow(how: Windowing, of: Expression, length: Expression): Typed {
  const inner = check(of);
  const seconds = secondsOf(how, length);
  if (!(seconds > 0 && seconds <= LONGEST_WINDOW_S))
    throw new ExpressionError(problem('windowLength', {}), length.at);
  return { ...inner, condition: { kind: 'window', how, seconds, of: inner.condition }, type: 'number' };
}

/** A time that a function is given. */
function secondsOf(name: string, length: Expression): number {
  const by = length.kind === 'number' && length.unit !== null ? factor(length.unit, 's') : null;
  if (length.kind !== 'number' || by === null)
    throw new ExpressionError(problem('timeNeeded', { name }), length.at);
  return length.value * by;
}

function checkUsual(name: string, arg: Expression, ahead: Expression | undefined): Typed {
  const [what, known] = USUALS[name]!;
  const { ref, scope } = pointOf(name, arg);
  if (!known.includes(ref.tag))
    throw new ExpressionError(problem('notLearnt', { name, tag: ref.tag, known: known.join(', ') }), arg.at);
  const seconds = ahead ? secondsOf(name, ahead) : 0;
  if (seconds < 0 || seconds > LONGEST_FORECAST_S)
    throw new ExpressionError(problem('forecastLength', {}), ahead!.at);
  const { unit } = byTag.get(ref.tag)!;
  return { condition: { kind: 'usual', what, ahead: seconds, ...ref }, scope, type: 'number', unit };
}

/** Of the pump set that is looked at, at a flow. */
function checkEnergy(arg: Expression): Typed {
  const flow = check(arg);
  needNumber(flow, arg);
  if (flow.unit !== null && flow.unit !== FLOW_UNIT)
    throw new ExpressionError(unitsDiffer(FLOW_UNIT, flow.unit, inUnit(arg, FLOW_UNIT)), arg.at);
  return {
    condition: { kind: 'energy', of: flow.condition },
    scope: deeperScope('set', flow.scope),
    type: 'number',
    unit: ENERGY_UNIT,
  };
}

const FLOW_UNIT = 'm³/h';

function pointOf(name: string, arg: Expression): { ref: PointRef; scope: PointScope } {
  if (arg.kind !== 'point') throw new ExpressionError(problem('pointNeeded', { name }), arg.at);
  const definition = definitionOf(arg);
  return { ref: reference(arg, definition), scope: arg.zone ? 'station' : definition.scope };
}

function qualityOf(arg: Expression): QualityName {
  const name = arg.kind === 'point' && !arg.zone ? arg.tag : '';
  if ((QUALITY_NAMES as readonly string[]).includes(name)) return name as QualityName;
  throw new ExpressionError(problem('oneOfQualities', { known: QUALITY_NAMES.join(', ') }), arg.at);
}

function needFlag(side: Typed, { at }: Expression): void {
  if (side.type !== 'flag') throw new ExpressionError(problem('conditionExpected', {}), at);
}

function needNumber(side: Typed, { at }: Expression): void {
  if (side.type !== 'number') throw new ExpressionError(problem('numberNotCondition', {}), at);
}
