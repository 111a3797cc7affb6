/**
 * Public holidays of mainland China and the weekends that are worked instead, as `MM-DD`, first and last day.
 * Source: State Council, 国办发明电〔2025〕7号 (2026). A year that is not here has weekends only: its notice comes in
 * November of the year before.
 */
export const HOLIDAYS: Readonly<Record<number, readonly (readonly [first: string, last: string])[]>> = {
  2026: [
    ['01-01', '01-03'],
    ['02-15', '02-23'],
    ['04-04', '04-06'],
    ['05-01', '05-05'],
    ['06-19', '06-21'],
    ['09-25', '09-27'],
    ['10-01', '10-07'],
  ],
};

export const WORKED_WEEKENDS: Readonly<Record<number, readonly string[]>> = {
  2026: ['01-04', '02-14', '02-28', '05-09', '09-20', '10-10'],
};
