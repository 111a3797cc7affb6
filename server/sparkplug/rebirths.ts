import type { Doubt, EdgeNode } from './nodeTable.ts';

/** The first pause, and the longest: of what a birth mends for a while, and of what it does not mend. */
const FIRST_MS = 20_000;
const LONGEST_MS: Record<Doubt, number> = {
  gap: 60_000,
  connection: 60_000,
  flood: 600_000,
  notBorn: 600_000,
  unreadable: 600_000,
};
/** For how long at most a node is not asked again for this reason, ms; without one there is no pause. */
export const longestPause = (doubt: Doubt | undefined): number => (doubt ? LONGEST_MS[doubt] : 0);
/** A reason that stays away for so many pauses has gone. */
const GONE = 3;

/**
 * Asks nodes for their birth: one request pending per node, and no more than `perSecond` over all nodes. When a reason is
 * there again after a birth was sent for it, the next request for it waits, and twice as long each time.
 */
export class Rebirths {
  private readonly waiting = new Set<EdgeNode>();
  private timer: NodeJS.Timeout | undefined;
  private readonly options: RebirthOptions;

  constructor(options: RebirthOptions) {
    this.options = options;
  }

  /** Whether the node is asked, or was and has not answered. Without a `doubt` there is no pause. */
  ask(node: EdgeNode, doubt?: Doubt): boolean {
    const { steady, answerTimeoutMs } = this.options;
    const now = steady();
    const pending = node.rebirthAskedAt;
    if (pending !== undefined && now - pending < answerTimeoutMs) return true;
    if (pending === undefined && doubt && !this.mayAsk(node, doubt, now)) return false;
    node.rebirthAskedAt = now;
    this.waiting.add(node);
    this.timer ??= setInterval(() => this.sendOne(), 1000 / this.options.perSecond);
    return true;
  }

  answered(node: EdgeNode): void {
    node.rebirthAskedAt = undefined;
    this.waiting.delete(node);
  }

  /** What was asked for may never have left, or its answer never come. */
  lost(node: EdgeNode): void {
    this.answered(node);
    node.pauses = undefined;
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.waiting.clear();
  }

  private mayAsk(node: EdgeNode, doubt: Doubt, now: number): boolean {
    node.pauses ??= new Map();
    const before = node.pauses.get(doubt);
    const since = before?.table === node.table ? now - before.askedAt : Number.POSITIVE_INFINITY;
    if (before && since < before.ms) return false;
    const ms = before && since < GONE * before.ms ? Math.min(2 * before.ms, LONGEST_MS[doubt]) : FIRST_MS;
    node.pauses.set(doubt, { askedAt: now, ms, table: node.table });
    return true;
  }

  private sendOne(): void {
    const [node] = this.waiting;
    if (!node) return this.stop();
    this.waiting.delete(node);
    node.rebirthAskedAt = this.options.steady();
    this.options.send(node);
  }
}

export interface RebirthOptions {
  /** ms by a clock that is never set */
  steady: () => number;
  perSecond: number;
  /** an unanswered request may be repeated after this */
  answerTimeoutMs: number;
  send: (node: EdgeNode) => void;
}
