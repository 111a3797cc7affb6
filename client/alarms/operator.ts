import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** Who acts, as typed, and whether alarms are heard; kept in the browser. Until there are logins nobody checks it. */
export const useOperator = create<{
  name: string;
  sound: boolean;
  setName(name: string): void;
  setSound(sound: boolean): void;
}>()(
  persist(
    (set) => ({
      name: '',
      sound: true,
      setName: (name) => set({ name }),
      setSound: (sound) => set({ sound }),
    }),
    { name: 'shuijing-operator', version: 1, partialize: ({ name, sound }) => ({ name, sound }) },
  ),
);
