import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a running plant answers. */
export interface PlantAddress {
  requests: string;
  pid: number;
}

const fileOf = (dataDir: string) => join(dataDir, 'address.json');

/** Leaves the address in the plant's folder, for those who want to ask it something. */
export function leaveAddress(dataDir: string, address: PlantAddress): void {
  writeFileSync(fileOf(dataDir), JSON.stringify(address));
}

export function removeAddress(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** @throws Error when no plant runs in the folder */
export function findPlant(dataDir: string): PlantAddress {
  let address: PlantAddress;
  try {
    address = JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as PlantAddress;
    // signal 0 only asks whether the process is there
    process.kill(address.pid, 0);
  } catch {
    throw new Error(
      `no plant runs in ${dataDir}: start it with "npm start", or name its folder with DATA_DIR`,
    );
  }
  return address;
}
