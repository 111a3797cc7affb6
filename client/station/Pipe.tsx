import type { Pace } from './flowSpeed.ts';
import { type Polyline, pathOf } from './pictureLayout.ts';

interface Props {
  line: Polyline;
  pace: Pace;
  stout?: boolean;
}

/** A pipe; water in it moves along the line's own direction when it flows. */
export function Pipe({ line, pace, stout = false }: Props) {
  const d = pathOf(line);
  return (
    <g className={`pipe ${stout ? 'is-stout' : ''} ${pace > 0 ? `pace-${pace}` : 'is-dry'}`}>
      <path className="pipe-wall" d={d} />
      <path className="pipe-bore" d={d} />
      {pace > 0 && <path className="pipe-flow" d={d} />}
    </g>
  );
}
