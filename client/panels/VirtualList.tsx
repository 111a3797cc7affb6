import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';

interface Props {
  count: number;
  /** rem */
  rowHeight: number;
  label: string;
  render(index: number): ReactNode;
}

const SPARE_ROWS = 6;

/** Draws only the rows in view, with a few to spare. */
export function VirtualList({ count, rowHeight, label, render }: Props) {
  const box = useRef<HTMLElement>(null);
  const [view, setView] = useState({ first: 0, shown: 20 });
  useLayoutEffect(() => {
    const element = box.current!;
    const measure = () => {
      const pixels = rowHeight * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const first = Math.max(0, Math.floor(element.scrollTop / pixels) - SPARE_ROWS);
      const shown = Math.ceil(element.clientHeight / pixels) + 2 * SPARE_ROWS;
      setView((old) => (old.first === first && old.shown === shown ? old : { first, shown }));
    };
    measure();
    element.addEventListener('scroll', measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', measure);
      observer.disconnect();
    };
  }, [rowHeight]);
  const first = Math.min(view.first, Math.max(0, count - 1));
  const last = Math.min(count, first + view.shown);
  return (
    <section ref={box} className="virtual-list" aria-label={label}>
      <div style={{ height: `${count * rowHeight}rem`, position: 'relative' }}>
        <div style={{ position: 'absolute', insetInline: 0, top: `${first * rowHeight}rem` }}>
          {Array.from({ length: last - first }, (_, i) => render(first + i))}
        </div>
      </div>
    </section>
  );
}
