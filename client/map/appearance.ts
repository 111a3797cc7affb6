import type { Sheet } from '#twin/wire/sheet.ts';
import { cell, moreUrgent, type Priority, priorityOf, stateOf } from '../overview/condition.ts';
import type { Colouring } from '../state/view.ts';
import { type Rgb, rgb } from '../theme/colour.ts';
import type { ThemeTokens } from '../theme/tokens.ts';
import { COLOUR_RULES, colourer } from './colouring.ts';
import type { IconName } from './icons.ts';

/** How one station is drawn. `rank` orders the drawing: the more urgent lies above. */
export interface Appearance {
  icon: IconName;
  colour: Rgb;
  /** size against a plain dot */
  size: number;
  rank: number;
}

const PRIORITY_ICONS = ['dot', 'triangle', 'diamond', 'disc', 'square'] as const;

/**
 * The look of every row under a colouring. State: normal is a quiet dot, priorities have their colour and shape.
 * Values: a dot on the scale. In both, what is not live is hollow and dashed.
 */
export function appearances(
  colouring: Colouring,
  theme: ThemeTokens,
): (sheet: Sheet, row: number, linked: boolean, alarm?: Priority) => Appearance {
  const live = rgb(theme.live);
  const stale = rgb(theme.stale);
  const priorities = [theme.live, theme.mark1, theme.mark2, theme.mark3, theme.mark4].map(rgb);
  const rule = COLOUR_RULES[colouring];
  const colourOf = rule ? colourer(rule, theme) : null;
  return (sheet, row, linked, alarm = 0) => {
    const state = stateOf(sheet, row, linked);
    if (state === 'never') return { icon: 'never', colour: stale, size: 0.8, rank: 0 };
    if (rule && colourOf) {
      const colour = colourOf(cell(sheet, row, rule.column));
      if (!colour) return { icon: 'never', colour: stale, size: 0.8, rank: 0 };
      return state === 'live'
        ? { icon: 'dot', colour, size: 1, rank: 1 }
        : {
            icon: state === 'stale' ? 'stale' : 'offline',
            colour: state === 'stale' ? colour : stale,
            size: 1.2,
            rank: 2,
          };
    }
    const priority = moreUrgent(priorityOf(sheet, row), alarm);
    if (state === 'stale')
      return { icon: 'stale', colour: priority === 0 ? stale : priorities[priority]!, size: 1.25, rank: 2 };
    if (state === 'offline') return { icon: 'offline', colour: stale, size: 1.35, rank: 3 };
    if (priority === 0) return { icon: 'dot', colour: live, size: 1, rank: 1 };
    return {
      icon: PRIORITY_ICONS[priority],
      colour: priorities[priority]!,
      size: priority <= 2 ? 1.9 : 1.5,
      rank: 8 - priority,
    };
  };
}
