const BYTES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `1,234,567` */
export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** `1 frame`, `1,200 frames` */
export function plural(value: number, noun: string, several = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : several}`;
}

/** A share of 0 to 1 as `81.3 %`, which no line break parts; `—` for what could not be computed. */
export function percent(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined || !Number.isFinite(share)
    ? '—'
    : `${(share * 100).toFixed(digits)}\u00a0%`;
}

/** A log loss: four decimals, as leaderboards show it. */
export function loss(value: number): string {
  return Number.isFinite(value) ? value.toFixed(4) : '—';
}

/** Decimal units: `1.5 GB`. */
export function bytes(value: number): string {
  let rest = value;
  let unit = 0;
  while (rest >= 999.5 && unit < BYTES.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${unit === 0 ? rest.toFixed(0) : rest.toPrecision(3)} ${BYTES[unit]}`;
}

/** `0.42 s`, `12 s`, `3 min 20 s`, `2 h 5 min` */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(seconds < 0.995 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `S1`, `S1 and S2`, `S1, S2 and S3` */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
