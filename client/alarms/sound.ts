import { useEffect, useRef } from 'react';
import { useOperator } from './operator.ts';
import { useAlarmCounts } from './queries.ts';

/** Tones by priority, Hz: the more urgent, the more and the higher. */
const TONES: readonly (readonly number[])[] = [[988, 784, 988, 784], [880, 698], [660], [523]];
const TONE_S = 0.16;

/** Sounds once whenever people are told of something, by the most urgent that waits. */
export function useAlarmSound(): void {
  const counts = useAlarmCounts();
  const on = useOperator((operator) => operator.sound);
  const heard = useRef<number | null>(null);
  const told = counts?.lastTold;
  const worst = counts?.waiting.findIndex((count) => count > 0) ?? -1;
  useEffect(() => {
    if (told === undefined) return;
    // what was told before the page was opened is old news
    const isNew = heard.current !== null && told > heard.current;
    heard.current = told;
    if (isNew && on && worst >= 0) play(TONES[worst]!);
  }, [told, on, worst]);
}

let context: AudioContext | undefined;

/** A browser that was never clicked into stays silent. */
function play(tones: readonly number[]): void {
  if (!navigator.userActivation.hasBeenActive) return;
  context ??= new AudioContext();
  tones.forEach((frequency, i) => {
    const from = context!.currentTime + i * TONE_S;
    const tone = context!.createOscillator();
    const loudness = context!.createGain();
    tone.frequency.value = frequency;
    loudness.gain.setValueAtTime(0, from);
    loudness.gain.linearRampToValueAtTime(0.12, from + 0.01);
    loudness.gain.linearRampToValueAtTime(0, from + TONE_S * 0.95);
    tone.connect(loudness).connect(context!.destination);
    tone.start(from);
    tone.stop(from + TONE_S);
  });
}
