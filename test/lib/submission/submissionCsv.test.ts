import { formatCsv, parseSubmission } from '../../../lib/submission/submissionCsv';

const FORMAT = { index: 'seq_id', sequences: ['s1', 's2'], columns: ['empty', 'zebra'] };
const GOOD = 'seq_id,empty,zebra\ns1,0.25,0.75\ns2,1e-07,1.0\n';

test.each([
  ['an empty file', '', 'The header has "(nothing)" at place 1; expected "seq_id"'],
  ['columns in another order', GOOD.replace('empty,zebra', 'zebra,empty'), 'The header has "zebra" at place 2'],
  ['a column more', GOOD.replaceAll(/(?<=.)\n/g, ',0.5\n'), 'The header has 4 values; expected 3'],
  ['rows in another order', GOOD.replace('s1', 's2'), 'The first column has "s2" at place 1; expected "s1"'],
  ['a row less', GOOD.replace('s2,1e-07,1.0\n', ''), 'The first column has "(nothing)" at place 2; expected "s2"'],
  ['a row more', `${GOOD}s3,0.1,0.2\n`, 'The first column has 3 values; expected 2'],
  ['an integer', GOOD.replace('1.0', '1'), 'Line 3, column "zebra": "1" is no float of 0 to 1'],
  ['a text', GOOD.replace('0.25', 'nan'), 'Line 2, column "empty": "nan" is no float of 0 to 1'],
  ['more than one', GOOD.replace('0.75', '1.25'), 'Line 2, column "zebra": "1.25" is no float of 0 to 1'],
  ['a cell less', GOOD.replace(',0.75', ''), 'Line 2 has 2 fields; expected 3'],
])('refuses %s', (_, text, message) => {
  expect(() => parseSubmission(text, FORMAT)).toThrow(message);
});

test('gives the probabilities of a good one', () => {
  expect(parseSubmission(GOOD, FORMAT)).toEqual([
    [0.25, 0.75],
    [1e-7, 1],
  ]);
});

test('format files have zeros, as the competition’s do', () => {
  expect(formatCsv({ ...FORMAT, sequences: ['a,b'] })).toBe('seq_id,empty,zebra\n"a,b",0,0\n');
});
