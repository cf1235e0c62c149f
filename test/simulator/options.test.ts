import { simulationOptions, type SimulationRequest } from '../../simulator/options';

function difficulties(request: SimulationRequest) {
  const { lateArrivals, smallest, vegetation, wrongLabels, newSites } = simulationOptions(request);
  return { lateArrivals, smallest, vegetation, wrongLabels, newSites };
}

test('by default the seasons are easy: large animals, there from the first frame, rightly labelled', () => {
  const easy = { lateArrivals: 0, smallest: 0.15, vegetation: 0, wrongLabels: 0, newSites: 0 };
  expect(difficulties({})).toEqual(easy);
  expect(difficulties({ difficulty: 0 })).toEqual(easy);
});

test('difficulty sets all that is hard about real seasons together, between the easiest and the hardest', () => {
  const hardest = difficulties({ difficulty: 1 });
  expect(hardest).toEqual({
    lateArrivals: 0.5,
    smallest: expect.closeTo(0.02) as number,
    vegetation: 1,
    wrongLabels: 0.1,
    newSites: 0.5,
  });
  const half = difficulties({ difficulty: 0.5 });
  expect(half).toMatchObject({ lateArrivals: 0.25, vegetation: 0.5, wrongLabels: 0.05, newSites: 0.25 });
  expect(half.smallest).toBeCloseTo(Math.sqrt(0.15 * 0.02));
});

test('what is given itself does not follow from the difficulty', () => {
  const given = difficulties({ difficulty: 1, wrongLabels: 0, smallest: 0.1 });
  expect(given).toEqual({ ...difficulties({ difficulty: 1 }), wrongLabels: 0, smallest: 0.1 });
});

test('a difficulty beyond 1 and animals below 2 % are refused', () => {
  expect(() => simulationOptions({ difficulty: 1.5 })).toThrow('difficulty');
  expect(() => simulationOptions({ smallest: 0.01 })).toThrow('smallest');
});
