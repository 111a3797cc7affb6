/**
 * The order in which unknowns are eliminated: least fill first (the third scheme of Tinney and Walker 1967), where
 * an elimination renews the count of its neighbours only; then renumbered by a postorder of the elimination tree,
 * which keeps the fill and brings neighbours in the matrix together in memory.
 */

/** Neighbours up to which fill is counted pair by pair: beyond, counting costs more than all the rest. */
const counted = 32;
/** Updates of a factorisation that memory allows: their places take up to 2 GB. */
const mostUpdates = 2e9;

export interface Elimination {
  /** `order[position]` = vertex */
  order: Int32Array;
  /** rows below the diagonal of each column, by position, ascending */
  columns: Int32Array[];
}

/**
 * Neighbour lists must be symmetric, without duplicates and loops; they are consumed.
 *
 * @throws RangeError when a factorisation would take more than `most` updates
 */
export function minimumFill(neighbours: number[][], most = mostUpdates): Elimination {
  const n = neighbours.length;
  const seen = new Int32Array(n);
  let mark = 0;
  /**
   * Pairs of neighbours of v that its elimination would join anew. Where they are many, only those of the last
   * elimination, `joinedBefore`, are known to be joined (approximate minimum fill: Rothberg and Eisenstat 1998).
   */
  const fillOf = (v: number, joinedBefore = 0): number => {
    const list = neighbours[v]!;
    if (list.length > counted)
      return Math.min(n, (list.length * (list.length - 1) - joinedBefore * (joinedBefore - 1)) / 2);
    mark++;
    for (const u of list) seen[u] = mark;
    let joined = 0;
    for (const u of list) for (const w of neighbours[u]!) if (seen[w] === mark) joined++;
    // Capped, for the queue's sake: beyond, one is as bad as the other.
    return Math.min(n, (list.length * (list.length - 1) - joined) / 2);
  };
  const queue = new CostQueue(neighbours.map((_, v) => fillOf(v)));
  const below: number[][] = new Array(n);
  const eliminated: number[] = [];
  let updates = 0;
  for (let step = 0; step < n; step++) {
    const v = queue.takeLeast();
    const front = neighbours[v]!;
    below[v] = front;
    eliminated.push(v);
    updates += (front.length * (front.length + 1)) / 2;
    if (updates > most) {
      const cause = `${n} junctions in loops need more than ${most} updates a factorisation`;
      throw new RangeError(`the network is meshed too closely to be solved as one: ${cause}`);
    }
    for (const u of front) {
      const list = neighbours[u]!;
      mark++;
      for (const w of list) seen[w] = mark;
      seen[u] = mark;
      list[list.indexOf(v)] = list.at(-1)!;
      list.pop();
      for (const w of front) if (seen[w] !== mark) list.push(w);
    }
    for (const u of front) queue.update(u, fillOf(u, front.length - 1));
  }
  return renumber(eliminated, below);
}

function renumber(eliminated: number[], below: number[][]): Elimination {
  const n = eliminated.length;
  const step = new Int32Array(n);
  eliminated.forEach((v, i) => {
    step[v] = i;
  });
  const children: number[][] = Array.from({ length: n }, () => []);
  const roots: number[] = [];
  for (const v of eliminated) {
    let parent = -1;
    for (const u of below[v]!) if (parent < 0 || step[u]! < step[parent]!) parent = u;
    if (parent < 0) roots.push(v);
    else children[parent]!.push(v);
  }
  const order = postorder(roots, children);
  const position = new Int32Array(n);
  order.forEach((v, i) => {
    position[v] = i;
  });
  const columns = Array.from(order, (v) => Int32Array.from(below[v]!, (u) => position[u]!).sort());
  return { order, columns };
}

function postorder(roots: number[], children: number[][]): Int32Array {
  const order = new Int32Array(children.length);
  const next = new Int32Array(children.length);
  let count = 0;
  for (const root of roots) {
    const stack = [root];
    while (stack.length > 0) {
      const v = stack.at(-1)!;
      const child = children[v]![next[v]!++];
      if (child !== undefined) stack.push(child);
      else {
        order[count++] = v;
        stack.pop();
      }
    }
  }
  return order;
}

/** Vertices in doubly linked lists by cost, a whole number. */
class CostQueue {
  private readonly heads: number[] = [];
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly cost: number[];
  private least = 0;

  constructor(costs: number[]) {
    this.cost = costs;
    this.next = new Int32Array(costs.length).fill(-1);
    this.previous = new Int32Array(costs.length).fill(-1);
    for (let v = costs.length - 1; v >= 0; v--) this.insert(v);
  }

  takeLeast(): number {
    while ((this.heads[this.least] ?? -1) < 0) this.least++;
    const v = this.heads[this.least]!;
    this.remove(v);
    return v;
  }

  update(v: number, cost: number): void {
    this.remove(v);
    this.cost[v] = cost;
    this.insert(v);
    if (cost < this.least) this.least = cost;
  }

  private insert(v: number): void {
    const cost = this.cost[v]!;
    const head = this.heads[cost] ?? -1;
    this.next[v] = head;
    this.previous[v] = -1;
    if (head >= 0) this.previous[head] = v;
    while (this.heads.length <= cost) this.heads.push(-1);
    this.heads[cost] = v;
  }

  private remove(v: number): void {
    const next = this.next[v]!;
    const previous = this.previous[v]!;
    if (next >= 0) this.previous[next] = previous;
    if (previous >= 0) this.next[previous] = next;
    else this.heads[this.cost[v]!] = next;
  }
}
