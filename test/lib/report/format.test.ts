import { bytes, count, duration, listed, loss, percent, plural } from '../../../lib/report/format';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [999_600, '1.00 MB'],
  [395_144_000_000, '395 GB'],
  [4_960_000_000_000, '4.96 TB'],
])('%i bytes are %s', (value, text) => expect(bytes(value)).toBe(text));

test.each([
  [0.2, '0.20 s'],
  [9.96, '10 s'],
  [9.4, '9.4 s'],
  [12.4, '12 s'],
  [59.6, '1 min 0 s'],
  [200, '3 min 20 s'],
  [7499, '2 h 5 min'],
])('%f seconds are %s', (value, text) => expect(duration(value)).toBe(text));

test('counts have separators, what is unknown has a dash', () => {
  expect(count(2_454_697)).toBe('2,454,697');
  expect(plural(1, 'frame')).toBe('1 frame');
  expect(plural(1200, 'class', 'classes')).toBe('1,200 classes');
  expect(percent(0.8125)).toBe('81.3\u00a0%');
  expect(percent(null)).toBe('—');
  expect(loss(0.0051)).toBe('0.0051');
  expect(loss(NaN)).toBe('—');
});

test('names are listed as people do', () => {
  expect(listed([])).toBe('');
  expect(listed(['S1'])).toBe('S1');
  expect(listed(['S1', 'S2', 'S3'])).toBe('S1, S2 and S3');
});
