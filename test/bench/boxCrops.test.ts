import { squareAround } from '../../bench/boxCrops';

const photograph = { width: 400, height: 200 };

test('a box is cut out as a square with a tenth of its longer side around it', () => {
  expect(squareAround([0.25, 0.4, 0.25, 0.2], photograph)).toEqual({ left: 90, top: 40, width: 120, height: 120 });
});

test('a square at the edge is moved into the photograph', () => {
  expect(squareAround([0.9, 0, 0.1, 0.2], photograph)).toEqual({ left: 352, top: 0, width: 48, height: 48 });
});

test('a square is no larger than the photograph', () => {
  expect(squareAround([0, 0, 1, 1], photograph)).toEqual({ left: 100, top: 0, width: 200, height: 200 });
});
