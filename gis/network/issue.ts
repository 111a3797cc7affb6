/** Something that keeps a network from being solved, and the element where it lies. */
export interface NetworkIssue {
  element:
    | { kind: 'link' | 'curve'; id: string }
    // the n-th demand of a junction, where one of them is meant
    | { kind: 'node'; id: string; demand?: number }
    // what the energy of a pump, or of all of them, refers to
    | { kind: 'energy'; pump?: string; name: string }
    | { kind: 'control'; index: number }
    // a row of its text, from 0
    | { kind: 'rule'; index: number; row: number }
    | { kind: 'network' };
  cause: string;
}
