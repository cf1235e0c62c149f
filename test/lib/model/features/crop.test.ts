import { squareAround } from '../../../../lib/model/features/crop';

const SIZE = { width: 2000, height: 1500 };

test('the square is twice as large as the longer side of its box, around the same centre', () => {
  expect(squareAround([0.25, 0.4, 0.1, 0.1], SIZE)).toEqual({ left: 400, top: 475, width: 400, height: 400 });
});

test('at an edge it is moved into the photograph', () => {
  expect(squareAround([0.95, 0, 0.05, 0.1], SIZE)).toEqual({ left: 1700, top: 0, width: 300, height: 300 });
});

test('it is never larger than the photograph, and has a pixel at least', () => {
  expect(squareAround([0, 0, 1, 1], SIZE)).toEqual({ left: 250, top: 0, width: 1500, height: 1500 });
  expect(squareAround([0.5, 0.5, 1e-9, 1e-9], SIZE)).toMatchObject({ width: 1, height: 1 });
});
