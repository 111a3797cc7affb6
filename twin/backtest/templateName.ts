import { templateById } from '#twin/catalogue/template.ts';
import { PRESSURE_ZONES, STATION_KINDS } from '#twin/model/station.ts';
import { nearNames } from '#twin/nearNames.ts';

/** As many as a station that is taken up in the register may have in a set. */
const MOST_PUMPS = 9;
const FORM = `kind (${STATION_KINDS.join(', ')}), colon, pressure zones (${PRESSURE_ZONES.join(', ')}) with their pumps, such as tank:LO3+MI2`;

/** What is wrong with the name of a template as a person writes it, with the one that may be meant; null: nothing. */
export function refuseTemplate(name: string): string | null {
  const most = Math.max(0, ...[...name.matchAll(/\d+/g)].map(([pumps]) => Number(pumps)));
  if (most > MOST_PUMPS) return `a pump set has at most ${MOST_PUMPS} pumps, not ${most}${suggestion(name)}`;
  try {
    templateById(name);
    return null;
  } catch (error) {
    return `${(error as Error).message}${suggestion(name)}; a template is ${FORM}`;
  }
}

/** The same with kind and zones as they are spelt, and the first digit of each number of pumps. */
function suggestion(name: string): string {
  const [kind = '', sets = ''] = name.trim().split(/[:：]/);
  const [near] = nearNames(kind, STATION_KINDS, 1);
  const meant = `${near ?? kind}:${sets.toUpperCase().replaceAll(/([1-9])\d+/g, '$1')}`;
  if (meant === name) return '';
  try {
    return `: did you mean ${templateById(meant).id}?`;
  } catch {
    return '';
  }
}
