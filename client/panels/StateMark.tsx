import type { Priority, StateName } from '../overview/condition.ts';

interface Props {
  state: StateName;
  priority?: Priority;
}

/** The map's marks in lists and headings: the same shape and colour for the same meaning. */
export function StateMark({ state, priority = 0 }: Props) {
  return (
    <svg
      className={`mark mark-${state} p${state === 'live' ? priority : 0}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      {state === 'live' ? SHAPES[priority] : HOLLOW[state]}
    </svg>
  );
}

const SHAPES: Record<Priority, React.ReactNode> = {
  0: <circle cx="8" cy="8" r="4.4" />,
  1: <path d="M8 1.8l6.4 11.6H1.6z" />,
  2: <path d="M8 1.2L14.8 8 8 14.8 1.2 8z" />,
  3: <circle cx="8" cy="8" r="5.8" />,
  4: <rect x="2.8" y="2.8" width="10.4" height="10.4" rx="1" />,
};

const HOLLOW: Record<Exclude<StateName, 'live'>, React.ReactNode> = {
  stale: <circle cx="8" cy="8" r="5" strokeDasharray="2.9 2.3" />,
  offline: (
    <>
      <circle cx="8" cy="8" r="5.2" strokeDasharray="2.9 2.3" />
      <path d="M6 6l4 4M10 6l-4 4" />
    </>
  ),
  never: <circle cx="8" cy="8" r="3" />,
};
