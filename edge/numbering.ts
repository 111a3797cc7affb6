import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/**
 * Numbers of stations in the queue on disk. A code keeps its number for as long as the queue exists, whatever order
 * the driver lists its stations in. With another template it gets a new one: what was queued means other points.
 */
export async function numberStations(
  path: string,
  stations: readonly { code: string; template: string }[],
): Promise<NumberedStation[]> {
  const known = await load(path);
  const before = known.length;
  const numbers = new Map(known.map(({ code, template }, number) => [`${code} ${template}`, number]));
  const numbered = stations.map(({ code, template }, wire) => {
    const number = numbers.get(`${code} ${template}`) ?? known.length;
    known[number] = { code, template };
    return { number, wire, code, template };
  });
  // nothing new is nothing to write: a gateway starts on a full disk too
  if (known.length === before) return numbered;
  await writeFile(`${path}.new`, JSON.stringify(known), { flush: true });
  await rename(`${path}.new`, path);
  return numbered;
}

export interface NumberedStation {
  number: number;
  wire: number;
  code: string;
  template: string;
}

const file = z.array(z.object({ code: z.string(), template: z.string() }));

async function load(path: string): Promise<{ code: string; template: string }[]> {
  const text = await readFile(path, 'utf8').catch(() => '[]');
  try {
    return file.parse(JSON.parse(text));
  } catch {
    // the queue refers to these numbers: guessing them would give values to the wrong station
    throw new Error(
      `${path} cannot be read: restore it, or remove the gateway's folder and what is queued in it`,
    );
  }
}
