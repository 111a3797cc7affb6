import type { ReactNode } from 'react';
import { Glyph, type GlyphName } from './Glyph.tsx';

interface Props {
  glyph: GlyphName;
  title: string;
  hint?: string;
  children?: ReactNode;
}

/** An empty or failed place: what it is, and what to do. */
export function Note({ glyph, title, hint, children }: Props) {
  return (
    <div className="note" role="status">
      <Glyph name={glyph} />
      <strong>{title}</strong>
      {hint && <p>{hint}</p>}
      {children}
    </div>
  );
}
