/**
 * What an event puts on a city, as a layer over what is there without it: two events on one place add up, and when
 * one is over the other stands as if it had been alone.
 */
export interface Layer {
  /** takes every number it touches back to what is there without any event */
  lift: () => void;
  /** changes those numbers as they stand, which other layers may have changed before. @param seconds since it began */
  lay: (seconds: number) => void;
  /** it changes by itself from second to second */
  moving: boolean;
}
