/**
 * The order in which unknowns are eliminated: minimum degree (Tinney and Walker 1967; George and Liu 1989),
 * then renumbered by a postorder of the elimination tree, which keeps the fill and brings neighbours in the
 * matrix together in memory.
 */

export interface Elimination {
  /** `order[position]` = vertex */
  order: Int32Array;
  /** rows below the diagonal of each column, by position, ascending */
  columns: Int32Array[];
}

/** Neighbour lists must be symmetric, without duplicates and loops; they are consumed. */
export function minimumDegree(neighbours: number[][]): Elimination {
  const n = neighbours.length;
  const queue = new DegreeQueue(neighbours.map((list) => list.length));
  const seen = new Int32Array(n).fill(-1);
  const below: number[][] = new Array(n);
  const eliminated: number[] = [];
  for (let step = 0; step < n; step++) {
    const v = queue.takeLeast();
    const front = neighbours[v]!;
    below[v] = front;
    eliminated.push(v);
    for (const u of front) {
      const list = neighbours[u]!;
      for (const w of list) seen[w] = u;
      seen[u] = u;
      list[list.indexOf(v)] = list.at(-1)!;
      list.pop();
      for (const w of front) if (seen[w] !== u) list.push(w);
      queue.update(u, list.length);
    }
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

/** Vertices in doubly linked lists by degree. */
class DegreeQueue {
  private readonly heads: number[] = [];
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly degree: number[];
  private least = 0;

  constructor(degrees: number[]) {
    this.degree = degrees;
    this.next = new Int32Array(degrees.length).fill(-1);
    this.previous = new Int32Array(degrees.length).fill(-1);
    for (let v = degrees.length - 1; v >= 0; v--) this.insert(v);
  }

  takeLeast(): number {
    while ((this.heads[this.least] ?? -1) < 0) this.least++;
    const v = this.heads[this.least]!;
    this.remove(v);
    return v;
  }

  update(v: number, degree: number): void {
    this.remove(v);
    this.degree[v] = degree;
    this.insert(v);
    if (degree < this.least) this.least = degree;
  }

  private insert(v: number): void {
    const degree = this.degree[v]!;
    const head = this.heads[degree] ?? -1;
    this.next[v] = head;
    this.previous[v] = -1;
    if (head >= 0) this.previous[head] = v;
    while (this.heads.length <= degree) this.heads.push(-1);
    this.heads[degree] = v;
  }

  private remove(v: number): void {
    const next = this.next[v]!;
    const previous = this.previous[v]!;
    if (next >= 0) this.previous[next] = previous;
    if (previous >= 0) this.next[previous] = next;
    else this.heads[this.degree[v]!] = next;
  }
}
