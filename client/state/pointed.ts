import { create } from 'zustand';

/** What the pointer is over, and the main that was clicked. */
export interface Pointed {
  /** row of the station, −1 for none, and where it is drawn, CSS pixels of the map */
  row: number;
  x: number;
  y: number;
  main: string;
  point(row: number, x: number, y: number): void;
  choose(main: string): void;
}

export const usePointed = create<Pointed>()((set) => ({
  row: -1,
  x: 0,
  y: 0,
  main: '',
  point: (row, x, y) => set({ row, x, y }),
  choose: (main) => set({ main }),
}));
