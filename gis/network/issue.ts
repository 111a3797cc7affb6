/** Something that keeps a network from being solved, and the element where it lies. */
export interface NetworkIssue {
  element:
    | { kind: 'node' | 'link' | 'curve'; id: string }
    | { kind: 'control' | 'rule'; index: number }
    | { kind: 'network' };
  cause: string;
}
