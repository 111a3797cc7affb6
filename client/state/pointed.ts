import { create } from 'zustand';

/** What the pointer is over, and the main that was clicked. */
export interface Pointed {
  /** row of the station, −1 for none, and where it is drawn, CSS pixels of the map */
  row: number;
  x: number;
  y: number;
  main: string;
  /** mains that may have burst, as an alarm says */
  suspected: readonly string[];
  point(row: number, x: number, y: number): void;
  choose(main: string): void;
  suspect(mains: readonly string[]): void;
}

export const usePointed = create<Pointed>()((set) => ({
  row: -1,
  x: 0,
  y: 0,
  main: '',
  suspected: [],
  point: (row, x, y) => set({ row, x, y }),
  choose: (main) => set({ main, suspected: [] }),
  suspect: (suspected) => set({ suspected, main: '' }),
}));
