/**
 * What can be wrong with the text of a rule, by code: in English, with places for values. Whoever shows it in another
 * language has a text of the same code and the same places.
 */
export const PROBLEMS = {
  // the file
  yamlIndent: 'not enough indented, or a bracket is not closed',
  yamlTab: 'tabs cannot indent: use spaces',
  yamlTwice: 'a key stands here twice',
  yamlUnclosed: 'a quote or bracket is not closed',
  yamlNested: 'a second ":" in one line: put the text in quotes',
  yamlStart: 'a text that begins like this needs quotes',
  yamlForm: 'cannot be read as YAML: {{detail}}',
  noRule: 'there is no rule',
  anotherRule: 'one rule is edited at a time: this is another',
  anotherId: 'this is the text of {{id}}: another id is another rule',
  // the schema
  unknownKey: 'is not known',
  missing: 'is missing',
  textExpected: 'a text is expected',
  numberExpected: 'a number is expected',
  wholeNumberExpected: 'a whole number is expected',
  yesNoExpected: 'true or false is expected',
  listExpected: 'a list is expected',
  mapExpected: 'keys with values are expected',
  empty: 'is empty',
  tooSmall: 'is at least {{least}}',
  tooLittle: 'is more than {{least}}',
  tooBig: 'is at most {{most}}',
  oneOf: 'is one of {{known}}',
  badId: 'capital letters, digits and "-", such as F23-POWER-LOSS',
  badGroup: 'small letters, digits and "-", such as pump-stops',
  badThreshold: 'a small letter, then letters and digits, such as low or shortfall',
  badQuantity: 'a number with its unit, such as 0.15 MPa',
  badDuration: 'a time such as "30 s", "5 min", "2 h" or "1 d"',
  whenOrGather: 'one of "when", "gather" and "platform" says what is wrong',
  platformAlone:
    'a rule on the platform itself knows only its part: no kinds, clear, evidence, causes, first-out group, suppressedBy, accepts or alone',
  gatherAlone:
    'a rule that gathers returns with its rooms and has neither evidence, causes nor a first-out group of its own',
  ifOrAlarm: 'either "if" or "alarm" says what the sign is',
  supportsOrExcludes: 'a sign either supports or excludes its cause',
  misfit: 'does not fit: {{detail}}',
  // the expression
  tooManyWords: 'more than {{most}} words',
  tooDeep: 'nested too deeply',
  meaningless: '"{{sign}}" means nothing here',
  unknownUnit: '"{{unit}}" is no unit that rules are written in: they are {{known}}',
  operatorExpected: 'an operator expected before {{before}}',
  signExpected: '"{{sign}}" expected before {{before}}',
  signExpectedAtEnd: '"{{sign}}" expected before the end',
  valueExpected: 'a value expected instead of "{{instead}}"',
  valueExpectedAtEnd: 'a value expected instead of the end',
  chained: 'comparisons cannot be chained: join two with "and"',
  badPointName: '"{{name}}" is no point name: {{zones}} come first, then P1 …',
  unknownPoint: 'no point is named "{{name}}"',
  pointOfStation: '{{tag}} is a point of the station: no pump set stands before it',
  pointOfSet: '{{tag}} is a point of a pump set: only the set stands before it',
  pointOfPump: '{{tag}} is a point of a pump: set and pump stand before it, or nothing',
  unknownFunction: 'no function is named "{{name}}"',
  argumentCount: '{{name}} takes another number of values: {{count}}, not {{given}}',
  pointNeeded: '{{name}} needs a point',
  timeNeeded: '{{name}} needs a time as its second value, such as 5 min',
  notLearnt: '{{name}} is not learnt of {{tag}}: of {{known}}',
  forecastLength: 'a forecast reaches a day at most',
  windowLength: 'a window is longer than nothing and at most a day',
  oneOfQualities: 'a quality is one of {{known}}',
  gathersOne: '{{name}} looks over pump sets or pumps: this is one value per station',
  neighboursOfStation: 'neighbours looks over stations: gather pump sets or pumps first, such as with any()',
  notCondition: 'this is a number, not a condition: compare it with something',
  conditionExpected: 'a condition expected here, not a number',
  numberNotCondition: 'a number expected here, not a condition',
  unitsDiffer: '{{left}} and {{right}} do not fit together; in {{left}}: {{alike}}',
  unitAndNone: '{{unit}} and a number without unit do not fit together; in {{unit}}: {{alike}}',
  // thresholds and what stations have instead
  nameTaken: '{{name}} means something else in conditions already',
  thresholdUnused: 'no condition names {{name}}',
  noThresholds: '{{id}} has no threshold with a name',
  unknownThreshold: '{{id}} has no threshold {{name}}: it has {{known}}',
  thresholdUnit: '{{given}} does not fit: {{name}} is {{value}}',
  outsideRange: '{{value}} would decide it for good: {{ranges}}',
  unknownStation: 'no station has the code {{code}}',
  otherKind: '{{code}} is a station of another kind than {{id}} looks at',
  overrideTwice: '{{code}} has another value for it already, in {{place}}',
  // what it means
  neverHolds: 'can never hold while the points are within their ranges: {{ranges}}',
  neverTogether:
    'can never hold: {{value}} is never {{one}} and {{other}} at once; join the two with "or", or exchange the limits',
  neverFails:
    'always holds while the points are within their ranges, the alarm could never clear: {{ranges}}',
  neverClears: 'the alarm could never clear while the points are within their ranges: {{ranges}}',
  onlyGrows:
    '{{point}} is a total and only grows, the alarm could never clear: ask for its change over a time',
  clearsWithin:
    'holds only while "when" does, the alarm could never clear: ask for the other side of its limit, or leave it out',
  nowhere: 'no kind of station that it asks for has all of its points: {{points}}',
  nowhereHere: 'no station of the city has {{points}}',
  noHigher: 'is no higher than priority {{priority}}: 1 is the highest',
  noLower: 'is no lower than priority {{priority}}: 4 is the lowest',
  signDeeper: 'is of single pumps or pump sets, and the alarm is not: gather it, such as with any()',
  signOfItself: 'an alarm is no sign of itself',
  suppressesItself: 'a rule cannot suppress itself',
  // among the others
  idTwice: 'a rule with the id {{id}} is there already',
  unknownRule: 'no rule has the id {{id}}',
  gathersGatherer: '{{id}} gathers itself: only alarms of rooms are gathered',
  neverTold: 'is not told alone, and no rule gathers it: it would never be told',
  signOfArea: '{{id}} gathers: it stands in no room',
  areaByRoom: 'an area is explained by areas only',
  byPlatform: '{{id}} is about the platform itself: it explains no alarm of a room or an area',
  unknownRoute: 'no route of notifications has the id {{name}}',
  routesNotOfPriority: 'nobody would be told: no route of {{name}} is for priority {{priority}}',
  causesInCircle:
    'causes suppress each other: {{circle}}; take the one out that does not bring the other about, such as {{cause}} out of suppressedBy of {{rule}}',
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** The names of the places in a text. */
type PlacesOf<T extends string> = T extends `${string}{{${infer Place}}}${infer Rest}`
  ? Place | PlacesOf<Rest>
  : never;

export interface Problem {
  readonly code: ProblemCode;
  readonly values: Readonly<Record<string, string | number>>;
  /** the key of the rule that it is about, where that is not plain */
  readonly key?: string;
  /** what was probably meant */
  readonly near?: string;
}

/** A problem with a value for every place of its text. */
export function problem<Code extends ProblemCode>(
  code: Code,
  values: Readonly<Record<PlacesOf<(typeof PROBLEMS)[Code]>, string | number>>,
  near?: string,
): Problem {
  return { code, values, ...(near !== undefined && { near }) };
}

/** A problem in English, as command lines and logs say it. */
export function inEnglish({ code, values, key, near }: Problem): string {
  const said = PROBLEMS[code].replace(/\{\{(\w+)\}\}/g, (_, place: string) => String(values[place]));
  return `${key === undefined ? '' : `${key}: `}${said}${near === undefined ? '' : `: did you mean ${near}?`}`;
}
