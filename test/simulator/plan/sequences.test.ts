import { CLASSES, OCCURRENCE, SPECIES, UNCLASSED } from '../../../simulator/plan/classes';
import { frameName, sequenceId, timestamp } from '../../../simulator/plan/names';
import {
  daylight,
  planSeason,
  sequencesOf,
  type SeasonOptions,
  type Sequence,
} from '../../../simulator/plan/sequences';
import { sitesOf } from '../../../simulator/plan/sites';

const OPTIONS: SeasonOptions = {
  seed: 1,
  sites: 20,
  species: 53,
  balance: 1,
  empties: 0.75,
  wrongLabels: 0,
  newSites: 0,
};
const season = (count: number, options: Partial<SeasonOptions> = {}, id = 'S1'): Sequence[] => [
  ...sequencesOf(planSeason(id, count, { ...OPTIONS, ...options })),
];
const share = (sequences: readonly Sequence[], test: (sequence: Sequence) => boolean): number =>
  sequences.filter(test).length / sequences.length;

test('the classes are the 54 of the competition, and every one but empty occurs', () => {
  expect(CLASSES).toHaveLength(54);
  expect([...CLASSES]).toEqual([...CLASSES].sort());
  expect([...SPECIES].sort()).toEqual(CLASSES.filter((name) => name !== 'empty'));
  expect(CLASSES.length + UNCLASSED.length).toBe(61);
  const frequencies = Object.values(OCCURRENCE).map(({ frequency }) => frequency);
  expect(Math.max(...frequencies) / Math.min(...frequencies)).toBeGreaterThan(1000);
});

test('names are those of Snapshot Serengeti', () => {
  expect(sequenceId('S1', 'B04', 1, 17)).toBe('SER_S1#B04#1#17');
  expect(frameName('S1', 'B04', 1, 1)).toBe('S1/B04/B04_R1/S1_B04_R1_PICT0001.JPG');
  expect(frameName('S11', 'T11', 1, 335)).toBe('SER_S11/T11/T11_R1/SER_S11_T11_R1_IMAG0335.JPG');
  expect(timestamp(Date.UTC(2010, 6, 18, 16, 26, 14))).toBe('2010-07-18 16:26:14');
});

describe('a long season', () => {
  const sequences = season(20_000);

  test('has as many sequences as asked for, with ids and files of their own', () => {
    expect(sequences).toHaveLength(20_000);
    expect(new Set(sequences.map(({ id }) => id)).size).toBe(20_000);
    const names = sequences.flatMap(({ frames }) => frames.map(({ fileName }) => fileName));
    expect(new Set(names).size).toBe(names.length);
  });

  test('is three quarters empty, one in seventy or so shows people, some two species', () => {
    const shown = (sequence: Sequence): number => sequence.sightings.length;
    expect(share(sequences, (sequence) => shown(sequence) === 0)).toBeCloseTo(0.75, 1);
    expect(share(sequences, ({ people }) => people)).toBeCloseTo(0.013, 2);
    const seen = sequences.filter((sequence) => shown(sequence) > 0);
    expect(share(seen, (sequence) => shown(sequence) === 2)).toBeGreaterThan(0.03);
    expect(sequences.every((sequence) => shown(sequence) <= 2)).toBe(true);
  });

  test('has one to three frames a sequence, 2.7 on average', () => {
    const lengths = sequences.map(({ frames }) => frames.length);
    expect(new Set(lengths)).toEqual(new Set([1, 2, 3]));
    expect(lengths.reduce((sum, length) => sum + length) / lengths.length).toBeCloseTo(2.7, 1);
  });

  test('has its species in the proportions of nature, or evenly when asked', () => {
    const count = (list: readonly Sequence[], name: string): number =>
      list.filter(({ sightings }) => sightings.some(({ species }) => species === name)).length;
    expect(count(sequences, 'wildebeest')).toBeGreaterThan(20 * count(sequences, 'rhinoceros'));
    const even = season(20_000, { balance: 0, species: 4 });
    const counts = ['zebra', 'giraffe', 'elephant', 'wildebeest'].map((name) => count(even, name));
    expect(Math.min(...counts)).toBeGreaterThan(0.7 * Math.max(...counts));
    expect(count(even, 'buffalo')).toBe(0);
  });

  test('runs forward in time at every site, within half a year', () => {
    for (const { site } of planSeason('S1', 20_000, OPTIONS)) {
      const times = sequences.filter((sequence) => sequence.site.name === site.name).map(({ time }) => time);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
    const times = sequences.map(({ time }) => time);
    const days = (Math.max(...times) - Math.min(...times)) / 86_400_000;
    expect(days).toBeGreaterThan(160);
    expect(days).toBeLessThan(182);
    const next = season(200, {}, 'S2').map(({ time }) => time);
    expect(Math.min(...next)).toBeGreaterThan(Math.max(...times));
  });

  test('sees night animals by night', () => {
    const times = sequences.filter(({ sightings }) => sightings[0]?.species === 'hare').map(({ time }) => time);
    expect(times.length).toBeGreaterThan(5);
    expect(times.filter((time) => daylight(time) < 0.5).length / times.length).toBeGreaterThan(0.7);
  });

  test('changes the memory card before the four digits of the counter run over', () => {
    const busy = season(8000, { sites: 1 });
    const pictures = busy.flatMap(({ frames }) => frames.map(({ fileName }) => Number(fileName.slice(-8, -4))));
    expect(Math.max(...pictures)).toBeLessThanOrEqual(9999);
    expect(Math.max(...busy.map(({ id }) => Number(id.split('#')[2])))).toBe(3);
    expect(busy.find(({ id }) => id.endsWith('#2#1'))!.frames[0]!.fileName).toContain('_R2_PICT0001');
  });
});

test('every season of some length has each rare case', () => {
  for (const count of [5, 20, 220, 1000]) {
    const states = season(count).flatMap(({ frames }) => frames.map(({ state }) => state));
    for (const state of ['good', 'truncated', 'unreadable', 'missing']) expect(states).toContain(state);
  }
});

test('wrong labels miss the animals or name another species, and change nothing else', () => {
  const right = season(2000);
  const wrong = season(2000, { wrongLabels: 0.2 });
  expect(right.every(({ labels, sightings }) => labels === sightings)).toBe(true);
  const apartFromLabels = (sequence: Sequence) => ({ ...sequence, labels: [] });
  expect(wrong.map(apartFromLabels)).toEqual(right.map(apartFromLabels));
  const seen = wrong.filter(({ sightings }) => sightings.length > 0);
  const mistaken = seen.filter(({ labels, sightings }) => labels !== sightings);
  expect(mistaken.length / seen.length).toBeCloseTo(0.2, 1);
  expect(share(mistaken, ({ labels }) => labels.length === 0)).toBeCloseTo(1 / 3, 1);
  for (const { labels, sightings } of mistaken) {
    expect(labels.map(({ species }) => species)).not.toContain(sightings[0]!.species);
    expect(new Set(labels.map(({ species }) => species)).size).toBe(labels.length);
  }
  expect(share(wrong, ({ labels, sightings }) => sightings.length === 0 && labels.length > 0)).toBe(0);
});

test('a share of the sites is of this season alone when asked for', () => {
  const names = (id: string, newSites: number): string[] =>
    planSeason(id, 1000, { ...OPTIONS, newSites }).map(({ site }) => site.name);
  const known = new Set(sitesOf(1, 20).map(({ name }) => name));
  const seasons = ['S1', 'S2', 'S11'].map((id) => names(id, 0.5));
  for (const season of seasons) {
    const own = season.filter((name) => !known.has(name));
    expect(own).toHaveLength(Math.round(season.length / 2));
    for (const other of seasons) if (other !== season) expect(own.filter((name) => other.includes(name))).toEqual([]);
    expect(season).toEqual([...season].sort());
  }
  expect(names('S1', 1).filter((name) => known.has(name))).toEqual([]);
});

test('the plan follows from the seed', () => {
  expect(season(300)).toEqual(season(300));
  expect(season(300, { seed: 2 })).not.toEqual(season(300));
});

test('sites are places on the grid, the same in every season, most of them at work', () => {
  const names = sitesOf(1, 225).map(({ name }) => name);
  expect(new Set(names).size).toBe(225);
  expect(names).toEqual([...names].sort());
  const working = planSeason('S1', 1000, { ...OPTIONS, sites: 225 }).map(({ site }) => site.name);
  expect(working.length).toBeGreaterThan(180);
  expect(working.length).toBeLessThan(225);
  expect(working.every((name) => names.includes(name))).toBe(true);
});
