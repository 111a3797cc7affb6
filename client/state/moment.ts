import { create } from 'zustand';
import type { Moment } from '../timebar/moment.ts';

/** The moment the whole page shows; not kept between visits: a page opens on the present. */
export const useMoment = create<{ moment: Moment; show(moment: Moment): void }>()((set) => ({
  moment: 'live',
  show: (moment) => set({ moment }),
}));
