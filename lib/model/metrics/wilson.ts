const Z = 1.959964; // two-sided 95 %

/**
 * Wilson's 95 % interval for a share of `successes` in `trials`: holds at few trials and at shares near 0 and 1.
 * (E. B. Wilson 1927, J. Am. Stat. Assoc. 22.)
 *
 * @returns shares of 0 to 1; the whole range without trials
 */
export function wilson(successes: number, trials: number): { readonly low: number; readonly high: number } {
  if (trials === 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const scale = 1 + (Z * Z) / trials;
  const centre = (share + (Z * Z) / (2 * trials)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / trials + (Z * Z) / (4 * trials * trials));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
