import { formatBytes, formatMinute, formatRate, formatSeconds, formatShare } from '../../../lib/contracts/format';

describe('amounts for people', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [512.3, '512 B'],
    [1_250, '1.25 kB'],
    [999_999, '1.00 MB'],
    [395_143_000_000, '395 GB'],
    [4_960_000_000_000, '4.96 TB'],
    [2_500_000_000_000_000, '2.50 PB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0.04, '0.0 s'],
    [42.4, '42 s'],
    [185, '3 min 5 s'],
    [7_800, '2 h 10 min'],
    [367_200, '4 d 6 h'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });

  it('rates have the unit of what is counted', () => {
    expect(formatRate(1_250_000, 'bytes')).toBe('1.25 MB/s');
    expect(formatRate(61.7, 'frames')).toBe('62 frames/s');
    expect(formatRate(0.25, 'epochs')).toBe('0.3 epochs/s');
  });

  it.each([new Date('2026-11-24T16:13:59.999Z'), '2026-11-24T17:13:59+01:00', 1_795_536_839_000])(
    'points in time are to the minute, in UTC: %p',
    (time) => {
      expect(formatMinute(time)).toBe('2026-11-24 16:13');
    },
  );

  it('shares are per cent with one digit', () => {
    expect(formatShare(0.9567)).toBe('95.7 %');
  });
});
