import { scaleFor } from '../state/scale.ts';
import { PANEL_WIDTH } from '../state/view.ts';

interface Props {
  side: 'left' | 'right';
  /** CSS pixels before scaling */
  width: number;
  onWidth(width: number): void;
}

/** The free edge of a panel: drag it, or move it with the arrow keys. */
export function PanelEdge({ side, width, onWidth }: Props) {
  const outward = side === 'left' ? 1 : -1;
  const change = (next: number) =>
    onWidth(Math.round(Math.min(PANEL_WIDTH.max, Math.max(PANEL_WIDTH.min, next))));
  const onPointerDown = (event: React.PointerEvent<HTMLDivElement>) => {
    const edge = event.currentTarget;
    const from = event.clientX;
    const scale = scaleFor(window.innerWidth);
    edge.setPointerCapture(event.pointerId);
    const move = (to: PointerEvent) => change(width + (outward * (to.clientX - from)) / scale);
    edge.addEventListener('pointermove', move);
    edge.addEventListener('pointerup', () => edge.removeEventListener('pointermove', move), { once: true });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a movable separator has no element of its own
    <div
      className={`panel-edge edge-${side}`}
      role="separator"
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={PANEL_WIDTH.min}
      aria-valuemax={PANEL_WIDTH.max}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        event.stopPropagation();
        change(width + outward * (event.key === 'ArrowRight' ? 16 : -16));
      }}
    />
  );
}
