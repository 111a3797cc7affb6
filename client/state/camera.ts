import { create } from 'zustand';

/** Where the map was asked to go; `serial` tells two equal wishes apart. */
export interface CameraWish {
  serial: number;
  goal:
    | { kind: 'city' }
    | { kind: 'place'; lon: number; lat: number; zoom: number }
    | { kind: 'box'; bounds: [west: number, south: number, east: number, north: number] }
    | { kind: 'zoom'; by: number }
    | { kind: 'tilt' };
}

export const useCamera = create<{ wish: CameraWish | null; ask(goal: CameraWish['goal']): void }>()(
  (set, get) => ({
    wish: null,
    ask: (goal) => set({ wish: { serial: (get().wish?.serial ?? 0) + 1, goal } }),
  }),
);
