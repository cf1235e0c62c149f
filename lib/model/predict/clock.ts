/** Before 1990 there were no digital camera traps: a camera that says so was never set. */
const FIRST_YEAR = Date.UTC(1990, 0);
/** Clocks east of here are ahead, by less than this. */
const DAY = 86_400_000;

const DATE = String.raw`(\d{4})[-:/.](\d{1,2})[-:/.](\d{1,2})`;
const TIME = String.raw`(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?`;
const HALF_OF_DAY = String.raw`(?: *([AP])\.?M\.?)?`;
const OFFSET = String.raw`(?: *(?:Z|[+-]\d{2}:?\d{2}))?`;
const TEXT = new RegExp(`^${DATE}(?:T| +|:)${TIME}${HALF_OF_DAY}${OFFSET}$`, 'i');

/** Fourteen digits with nothing or one sign between date, time and their parts, and no further digit beside them. */
const IN_NAME = /(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})[-_. T]{0,3}(\d{2})[-_.:h]?(\d{2})[-_.:m]?(\d{2})(?!\d)/;

/**
 * A time as cameras and programs write it in EXIF: `2019:05:05 17:21:30`, with `-`, `/` or `T`, fractions of a second, an
 * offset from UTC, blanks and NULs around it. The offset is left aside: times are those that the camera's clock showed.
 *
 * @param subSeconds - digits of a fraction that stand elsewhere
 * @returns milliseconds as if the clock ran in UTC; `undefined` where that is no time of a calendar
 */
export function readClock(text: string, subSeconds = ''): number | undefined {
  const match = TEXT.exec(text.replaceAll('\0', ' ').trim());
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = subSeconds, half] = match;
  const hours = half === undefined ? Number(hour) : hourOfDay(Number(hour), half);
  const whole = timeOf([Number(year), Number(month), Number(day), hours, Number(minute), Number(second)]);
  const digits = /^\d+/.exec(fraction.trim())?.[0] ?? '';
  return whole === undefined ? undefined : whole + Math.floor(Number(`0.${digits || 0}`) * 1000);
}

/** The time in a file's name, such as `20210531082538-RCNX0031.JPG`. */
export function readClockInName(file: string): number | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return timeOf((IN_NAME.exec(name) ?? []).slice(1).map(Number));
}

/** Whether a camera trap can have taken a photograph then. */
export function isPossible(milliseconds: number, now = Date.now()): boolean {
  return milliseconds >= FIRST_YEAR && milliseconds <= now + DAY;
}

function hourOfDay(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return NaN;
  return (hour % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
}

/** `Date` rolls the 30th of February over into March; here that is no time. */
function timeOf([year, month, day, hour, minute, second]: readonly number[]): number | undefined {
  if (second === undefined) return undefined;
  const milliseconds = Date.UTC(year!, month! - 1, day, hour, minute, second);
  if (Number.isNaN(milliseconds)) return undefined;
  const date = new Date(milliseconds);
  const same =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() + 1 === month &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  return same ? milliseconds : undefined;
}
