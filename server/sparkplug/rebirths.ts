import type { EdgeNode } from './nodeTable.ts';

/** Asks nodes for their birth: one request pending per node, and no more than `perSecond` over all nodes. */
export class Rebirths {
  private readonly waiting = new Set<EdgeNode>();
  private timer: NodeJS.Timeout | undefined;
  private readonly options: RebirthOptions;

  constructor(options: RebirthOptions) {
    this.options = options;
  }

  ask(node: EdgeNode): void {
    const { now, answerTimeoutMs } = this.options;
    if (node.rebirthAskedAt > 0 && now() - node.rebirthAskedAt < answerTimeoutMs) return;
    node.rebirthAskedAt = now();
    this.waiting.add(node);
    this.timer ??= setInterval(() => this.sendOne(), 1000 / this.options.perSecond);
  }

  answered(node: EdgeNode): void {
    node.rebirthAskedAt = 0;
    this.waiting.delete(node);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.waiting.clear();
  }

  private sendOne(): void {
    const [node] = this.waiting;
    if (!node) return this.stop();
    this.waiting.delete(node);
    node.rebirthAskedAt = this.options.now();
    this.options.send(node);
  }
}

export interface RebirthOptions {
  now: () => number;
  perSecond: number;
  /** an unanswered request may be repeated after this */
  answerTimeoutMs: number;
  send: (node: EdgeNode) => void;
}
