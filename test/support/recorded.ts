import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecords } from '#edge/queue/record.ts';
import { templateById } from '#twin/catalogue/template.ts';

/** What a gateway process produced: every value that was synced in its queue, `point@time` → value, by station. */
export function producedValues(edgeDir: string): Map<string, Map<string, number>> {
  const stations = JSON.parse(readFileSync(join(edgeDir, 'stations.json'), 'utf8')) as {
    code: string;
    template: string;
  }[];
  const templates = stations.map(({ template }) => templateById(template));
  const produced = new Map(stations.map(({ code }) => [code, new Map<string, number>()]));
  const queue = join(edgeDir, 'queue');
  for (const file of readdirSync(queue).sort()) {
    readRecords(
      readFileSync(join(queue, file)),
      (station) => templates[station]!.points.map((point) => point.resolution),
      ({ station, time, points, values }) => {
        const { code } = stations[station]!;
        points.forEach((point, i) => {
          if (!Number.isNaN(values[i]))
            produced.get(code)!.set(`${templates[station]!.points[point]!.name}@${time}`, values[i]!);
        });
      },
    );
  }
  return produced;
}
