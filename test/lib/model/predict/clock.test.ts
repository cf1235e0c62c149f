import { isPossible, readClock, readClockInName } from '../../../../lib/model/predict/clock';

const said = (milliseconds: number | undefined) =>
  milliseconds === undefined ? undefined : new Date(milliseconds).toISOString().slice(0, -1);

describe('what is no time', () => {
  test.each([
    '0000:00:00 00:00:00',
    '    :  :     :  :  ',
    '2019:13:05 17:21:30',
    '2019:00:05 17:21:30',
    '2019:02:30 17:21:30',
    '2019:02:29 17:21:30',
    '2019:05:05 24:00:00',
    '2019:05:05 17:60:00',
    '2019:05:05 17:21:60',
    '2019:05:05 13:21:30 PM',
    '2019:05:05 00:21:30 AM',
    '2019:05:05',
    '17:21:30',
    '5/5/19 17:21',
    '',
    '\0\0\0\0',
    'unknown',
  ])('%j', (text) => {
    expect(readClock(text)).toBeUndefined();
  });
});

describe('spellings of 2019-05-05, 17:21:30', () => {
  test.each([
    '2019:05:05 17:21:30',
    '2019-05-05 17:21:30',
    '2019/05/05 17:21:30',
    '2019:5:5 17:21:30',
    '2019-05-05T17:21:30',
    '2019-05-05T17:21:30Z',
    '2019-05-05T17:21:30+03:00',
    '2019:05:05 17:21:30-0800',
    '2019:05:05 05:21:30 PM',
    '2019:05:05 05:21:30 p.m.',
    '  2019:05:05  17:21:30 \0\0',
  ])('%j', (text) => {
    expect(said(readClock(text))).toBe('2019-05-05T17:21:30.000');
  });

  test('midnight and noon by twelve hours', () => {
    expect(said(readClock('2019:05:05 12:00:00 AM'))).toBe('2019-05-05T00:00:00.000');
    expect(said(readClock('2019:05:05 12:00:00 PM'))).toBe('2019-05-05T12:00:00.000');
  });

  test('fractions, there or in a tag of their own', () => {
    expect(said(readClock('2019:05:05 17:21:30.25'))).toBe('2019-05-05T17:21:30.250');
    expect(said(readClock('2019:05:05 17:21:30,5'))).toBe('2019-05-05T17:21:30.500');
    expect(said(readClock('2019:05:05 17:21:30', '07'))).toBe('2019-05-05T17:21:30.070');
    expect(said(readClock('2019:05:05 17:21:30', 'x'))).toBe('2019-05-05T17:21:30.000');
  });

  test('the 29th of February of a leap year', () => {
    expect(said(readClock('2020:02:29 00:00:00'))).toBe('2020-02-29T00:00:00.000');
  });
});

test('a camera trap took nothing before 1990 and nothing in the future', () => {
  const now = Date.UTC(2026, 0, 1);
  expect(isPossible(Date.UTC(1970, 0, 1), now)).toBe(false);
  expect(isPossible(Date.UTC(1990, 0, 1), now)).toBe(true);
  expect(isPossible(Date.UTC(2026, 0, 1, 14), now)).toBe(true); // the camera stands east of here
  expect(isPossible(Date.UTC(2026, 0, 3), now)).toBe(false);
  expect(isPossible(Date.UTC(9999, 0, 1), now)).toBe(false);
});

describe('a time in a name', () => {
  test.each([
    ['20210531082538-RCNX0031.JPG', '2021-05-31T08:25:38.000'],
    ['site/2021-05-31_08-25-38 (2).jpg', '2021-05-31T08:25:38.000'],
    ['IMG_20210531_082538.jpg', '2021-05-31T08:25:38.000'],
    ['2021.05.31 08h25m38s.jpg', '2021-05-31T08:25:38.000'],
  ])('%s', (file, time) => {
    expect(said(readClockInName(file))).toBe(time);
  });

  test.each([
    'RCNX0031.JPG',
    '20210531.jpg',
    '20211331082538.jpg',
    '202105310825381.jpg',
    '20210531082538/IMG_0001.JPG',
  ])('%s has none', (file) => {
    expect(readClockInName(file)).toBeUndefined();
  });
});
