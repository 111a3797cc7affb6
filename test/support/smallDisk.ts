import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own in memory, small enough to be filled. */
export interface SmallDisk {
  folder: string;
  /** leaves no byte free; in pieces, so that whoever watches goes on watching */
  fill(): Promise<void>;
  free(): void;
  remove(): void;
}

/** Only root may mount, and only Linux has tmpfs. */
export const canMount = (): boolean => process.platform === 'linux' && process.getuid?.() === 0;

export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'shuijing-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder]);
  const ballast = join(folder, 'ballast');
  return {
    folder,
    async fill() {
      const file = await open(ballast, 'a');
      try {
        for (const size of [1 << 20, 4096, 1]) await writeUntilFull(file, size);
      } finally {
        await file.close();
      }
    },
    free: () => rmSync(ballast, { force: true }),
    remove() {
      // a process that was just ended may still hold it
      execFileSync('umount', ['--lazy', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function writeUntilFull(file: FileHandle, size: number): Promise<void> {
  const block = new Uint8Array(size);
  try {
    for (;;) if ((await file.write(block)).bytesWritten < size) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
