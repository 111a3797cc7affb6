/**
 * Runs at most once per picture, and at most once per `everyMs`; the last call is never lost. A hidden page draws
 * no pictures, so it does no work either.
 */
export function throttle(run: () => void, everyMs: number): { call(): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame: number | undefined;
  let last = Number.NEGATIVE_INFINITY;
  const draw = () => {
    frame = undefined;
    last = performance.now();
    run();
  };
  const ask = () => {
    timer = undefined;
    frame = requestAnimationFrame(draw);
  };
  return {
    call() {
      if (timer !== undefined || frame !== undefined) return;
      const wait = last + everyMs - performance.now();
      if (wait > 0) timer = setTimeout(ask, wait);
      else ask();
    },
    cancel() {
      if (timer !== undefined) clearTimeout(timer);
      if (frame !== undefined) cancelAnimationFrame(frame);
      timer = undefined;
      frame = undefined;
    },
  };
}
