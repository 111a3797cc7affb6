import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type ReportFrame, readRecords } from '#edge/queue/record.ts';
import { type Template, templateById } from '#twin/catalogue/template.ts';

/** What one station produced, in the order it was synced. */
export interface ProducedStation {
  code: string;
  template: Template;
  frames: ReportFrame[];
}

const POLL_MS = 200;

/**
 * Keeps what the gateways' queue ever held, so that the history can be held against all that was produced, although
 * the queue itself forgets as it does in the field. Segments only grow, but for what a failed write left behind.
 */
export class QueueRecord {
  private readonly timer: NodeJS.Timeout;
  private readonly read = new Map<string, number>();
  private readonly edgeDir: string;
  private readonly folder: string;

  /** @param edgeDir the gateways' data folder; @param folder where the record is kept */
  constructor(edgeDir: string, folder: string) {
    this.edgeDir = edgeDir;
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.timer = setInterval(() => this.follow(), POLL_MS);
  }

  /** What these stations produced since the last call, by station code; what others did is passed over. */
  take(wanted: (code: string) => boolean = () => true): Map<string, ProducedStation> {
    this.follow();
    const stations = JSON.parse(readFileSync(join(this.edgeDir, 'stations.json'), 'utf8')) as {
      code: string;
      template: string;
    }[];
    const produced = stations.map(
      ({ code, template }): ProducedStation => ({ code, template: templateById(template), frames: [] }),
    );
    const steps = produced.map(({ template }) => template.points.map(({ resolution }) => resolution));
    for (const name of readdirSync(this.folder).sort()) {
      const from = this.read.get(name) ?? 0;
      const bytes = readFileSync(join(this.folder, name)).subarray(from);
      const whole = readRecords(
        bytes,
        (station) => steps[station]!,
        (frame) => {
          const station = produced[frame.station]!;
          if (wanted(station.code)) station.frames.push(frame);
        },
      );
      this.read.set(name, from + whole);
    }
    return new Map(produced.map((station) => [station.code, station]));
  }

  close(): void {
    clearInterval(this.timer);
  }

  private follow(): void {
    const queue = join(this.edgeDir, 'queue');
    if (!existsSync(queue)) return;
    for (const name of readdirSync(queue)) {
      try {
        this.copy(join(queue, name), name);
      } catch (error) {
        // dropped in this moment: what it held was copied before
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }

  /** A number may be used again after its file was dropped; the inode tells them apart. */
  private copy(path: string, name: string): void {
    const { size, ino, birthtimeMs } = statSync(path);
    const copy = join(this.folder, `${name}-${ino}-${birthtimeMs}`);
    const known = existsSync(copy) ? statSync(copy).size : 0;
    if (size === known) return;
    const to = openSync(copy, 'a');
    const from = openSync(path, 'r');
    try {
      if (size < known) ftruncateSync(to, size);
      const more = new Uint8Array(Math.max(0, size - known));
      const got = readSync(from, more, 0, more.length, known);
      writeSync(to, more, 0, got);
    } finally {
      closeSync(from);
      closeSync(to);
    }
  }
}
