import { Database, quoted } from '../../../../lib/metadata/database';
import { localTime, otherTime, timeWithYearLast } from '../../../../lib/metadata/formats/values';

let database: Database;
beforeAll(async () => (database = await Database.open()));
afterAll(async () => await database.close());

async function value(sql: string): Promise<string | null> {
  return (await database.row<{ value: string | null }>(`SELECT (${sql})::VARCHAR AS value`)).value;
}

describe('a time that begins with the year', () => {
  it.each([
    ['2019-05-05 17:21:30', '2019-05-05 17:21:30'],
    ['2019:05:05 17:21:30', '2019-05-05 17:21:30'],
    ['2019/5/5 7:21', '2019-05-05 07:21:00'],
    ['2019-05-05T17:21:30.123Z', '2019-05-05 17:21:30'],
    ['2019-05-05T17:21:30+02:00', '2019-05-05 17:21:30'],
    ['2019-05-05 05:21:30 PM', '2019-05-05 17:21:30'],
    ['2019-05-05 12:21 am', '2019-05-05 00:21:00'],
    [' 2019-05-05 ', '2019-05-05 00:00:00'],
  ])('%j is %s', async (text, time) => {
    expect(await value(localTime(quoted(text)))).toBe(time);
    expect(await value(otherTime(quoted(text)))).toBeNull();
  });

  it.each([
    '5/5/19 17:21',
    '2019-13-05 17:21:30',
    '2019-02-30 17:21:30',
    '2019-05-05 24:00:00',
    '2019-05-05 13:21:30 PM',
    '0000:00:00 00:00:00',
    'infinity',
    '-infinity',
    'epoch',
    'now',
    'NaN',
  ])('%j is none', async (text) => {
    expect(await value(localTime(quoted(text)))).toBeNull();
    expect(await value(otherTime(quoted(text)))).toBe(text);
  });

  it('is not missed where there is no text', async () => {
    expect(await value(otherTime(`' '`))).toBeNull();
    expect(await value(otherTime('(NULL::VARCHAR)'))).toBeNull();
  });
});

describe('a time that ends with the year', () => {
  it.each([
    ['5/6/19 17:21', '2019-06-05 17:21:00', '2019-05-06 17:21:00'],
    ['05.06.2019, 17:21:30', '2019-06-05 17:21:30', '2019-05-06 17:21:30'],
    ['5/6/2019 5:21:30 PM', '2019-06-05 17:21:30', '2019-05-06 17:21:30'],
    ['28/4/19 00:32', '2019-04-28 00:32:00', null],
    ['12/31/2019 13:05', null, '2019-12-31 13:05:00'],
    ['5/6/19', '2019-06-05 00:00:00', '2019-05-06 00:00:00'],
    ['5/6/119', null, null],
    ['yesterday', null, null],
  ])('%j: days first %s, months first %s', async (text, daysFirst, monthsFirst) => {
    expect(await value(timeWithYearLast(quoted(text), 'day'))).toBe(daysFirst);
    expect(await value(timeWithYearLast(quoted(text), 'month'))).toBe(monthsFirst);
  });
});
