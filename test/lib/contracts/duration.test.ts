import { readDuration } from '../../../lib/contracts/duration';

const HOUR = 3_600_000;

it.each([
  ['90s', 90_000],
  ['15 min', HOUR / 4],
  ['6h', 6 * HOUR],
  ['1 day', 24 * HOUR],
  [' 7 days ', 168 * HOUR],
  ['2w', 336 * HOUR],
])('%p is %d milliseconds', (text, milliseconds) => {
  expect(readDuration(text)).toBe(milliseconds);
});

it.each(['1month', '2mo', '500ms', '1 dozen', 'h', '6', '-1h', '1.5h', ''])('%p is no time', (text) => {
  expect(readDuration(text)).toBeUndefined();
});
