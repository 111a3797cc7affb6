import type { ReactNode } from 'react';

interface Props {
  label: string;
  problem?: string | undefined;
  children: ReactNode;
}

/** A labelled input with what is wrong with it. */
export function Field({ label, problem, children }: Props) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the input is given as the child
    <label className={`field ${problem ? 'has-problem' : ''}`}>
      <span>
        {label} {problem && <em role="alert">{problem}</em>}
      </span>
      {children}
    </label>
  );
}
