import sharp from 'sharp';
import { castOf } from '../../../simulator/drawing/actors';
import { Studio } from '../../../simulator/drawing/studio';
import { View } from '../../../simulator/drawing/view';
import type { SpeciesName } from '../../../simulator/plan/classes';
import type { Sequence } from '../../../simulator/plan/sequences';
import { sitesOf } from '../../../simulator/plan/sites';

const EASY = { width: 320, height: 240, quality: 90, lateArrivals: 0, smallest: 0.15, vegetation: 0 };
const STRIP = 11;
const CAST = { view: new View(320, 240, 0.4), sight: Infinity, smallest: 0.15, lateArrivals: 0 };
const [HERE, THERE] = sitesOf(1, 2) as [ReturnType<typeof sitesOf>[number], ReturnType<typeof sitesOf>[number]];
const NOON = Date.UTC(2010, 8, 1, 12);
const MIDNIGHT = Date.UTC(2010, 8, 1, 0);

function sequence(rest: Partial<Sequence> & { animals?: SpeciesName[] } = {}): Sequence {
  const { animals = [], ...given } = rest;
  return {
    season: 'S1',
    site: HERE,
    id: 'SER_S1#B04#1#1',
    time: NOON,
    sightings: animals.map((species) => ({ species, count: 1 })),
    labels: [],
    people: false,
    frames: [1, 2, 3].map((rank) => ({ fileName: `${rank}.JPG`, rank, state: 'good' })),
    ...given,
  };
}

interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

async function pixels(jpeg: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Mean absolute difference of the scenes, in steps of 256. */
function difference(a: Pixels, b: Pixels): number {
  const end = (a.height - STRIP) * a.width * 3;
  let sum = 0;
  for (let at = 0; at < end; at++) sum += Math.abs(a.data[at]! - b.data[at]!);
  return sum / end;
}

/** Largest mean difference of the picture's tiles: where something moved. */
function change(a: Pixels, b: Pixels): number {
  const tile = 20;
  let most = 0;
  for (let top = 0; top + tile <= a.height - STRIP; top += tile) {
    for (let left = 0; left + tile <= a.width; left += tile) {
      let sum = 0;
      for (let y = top; y < top + tile; y++) {
        for (let at = (y * a.width + left) * 3; at < (y * a.width + left + tile) * 3; at++) {
          sum += Math.abs(a.data[at]! - b.data[at]!);
        }
      }
      most = Math.max(most, sum / (tile * tile * 3));
    }
  }
  return most;
}

/** Share of the scene's values that differ by far more than noise and exposure do. */
function movedShare(a: Pixels, b: Pixels): number {
  const end = (a.height - STRIP) * a.width * 3;
  let moved = 0;
  for (let at = 0; at < end; at++) if (Math.abs(a.data[at]! - b.data[at]!) > 40) moved++;
  return moved / end;
}

/** Mean difference between the channels of a pixel: 0 for grey. */
function colourfulness({ data }: Pixels): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 3) sum += Math.abs(data[at]! - data[at + 2]!);
  return sum / (data.length / 3);
}

test('a sequence gives the same bytes, first or last, alone or among others', async () => {
  const wanted = sequence({ animals: ['zebra'] });
  const alone = await new Studio(EASY).draw(wanted);
  const studio = new Studio(EASY);
  const others = ['giraffe', 'elephant'].map((name, index) =>
    studio.draw(sequence({ id: `other${index}`, site: THERE, animals: [name as SpeciesName] })),
  );
  const [among] = await Promise.all([studio.draw(wanted), ...others]);
  expect(among.map((frame) => frame.equals(alone[among.indexOf(frame)]!))).toEqual([true, true, true]);
});

test('frames have the size asked for and an info strip at the bottom', async () => {
  const [jpeg] = await new Studio(EASY).draw(sequence());
  const { data, width, height } = await pixels(jpeg!);
  expect([width, height]).toEqual([320, 240]);
  const strip = [...data.subarray((height - STRIP + 1) * width * 3)];
  expect(strip.filter((value) => value < 40).length / strip.length).toBeGreaterThan(0.5);
  expect(strip.filter((value) => value > 150).length / strip.length).toBeGreaterThan(0.02);
});

test('days are coloured, nights are grey and dark', async () => {
  const studio = new Studio(EASY);
  const [day] = await studio.draw(sequence());
  const [night] = await studio.draw(sequence({ time: MIDNIGHT }));
  expect(colourfulness(await pixels(day!))).toBeGreaterThan(15);
  expect(colourfulness(await pixels(night!))).toBeLessThan(2);
  const mean = async (jpeg: Buffer): Promise<number> => (await sharp(jpeg).stats()).channels[0]!.mean;
  expect(await mean(night!)).toBeLessThan(0.7 * (await mean(day!)));
});

test('a site looks the same in another season, and unlike another site', async () => {
  const studio = new Studio(EASY);
  const [first] = await studio.draw(sequence({ time: MIDNIGHT }));
  const [later] = await studio.draw(
    sequence({ id: 'SER_S2#B04#1#9', season: 'S2', time: MIDNIGHT + 365 * 86_400_000 }),
  );
  const [elsewhere] = await studio.draw(sequence({ site: THERE, time: MIDNIGHT }));
  const [a, b, c] = [await pixels(first!), await pixels(later!), await pixels(elsewhere!)];
  expect(difference(a, b)).toBeLessThan(0.6 * difference(a, c));
});

test('between the frames animals walk; without any, at most the grass moves', async () => {
  const studio = new Studio(EASY);
  const moves = async (given: Sequence): Promise<number> => {
    const [first, second] = await studio.draw(given);
    return change(await pixels(first!), await pixels(second!));
  };
  let walking = 0;
  let empty = 0;
  for (let number = 0; number < 6; number++) {
    walking = Math.max(walking, await moves(sequence({ id: `walk${number}`, animals: ['zebra'] })));
    empty = Math.max(empty, await moves(sequence({ id: `wind${number}` })));
  }
  expect(walking).toBeGreaterThan(30);
  expect(empty).toBeLessThan(walking);
  expect(empty).toBeGreaterThan(3);
});

test('animals that come late are not in the first frame, and in the last one as if they had been there', async () => {
  const late = new Studio({ ...EASY, lateArrivals: 1 });
  const punctual = new Studio(EASY);
  for (let number = 0; number < 4; number++) {
    const wanted = sequence({ id: `late${number}`, animals: ['elephant'] });
    const without = await late.draw(wanted);
    const shown = await punctual.draw(wanted);
    expect(change(await pixels(without[0]!), await pixels(shown[0]!))).toBeGreaterThan(30);
    expect(without[2]!.equals(shown[2]!)).toBe(true);
  }
});

test('of a late sequence some show their animals in the second frame, some only in the last; one frame shows them always', () => {
  const arrivals = (frames: number): number[] =>
    Array.from({ length: 40 }, (_, number) => {
      const { frames: all, ...rest } = sequence({ id: `late${number}`, animals: ['zebra'] });
      return castOf({ ...rest, frames: all.slice(0, frames) }, { ...CAST, lateArrivals: 1 })[0]!.arrival;
    });
  expect(new Set(arrivals(3))).toEqual(new Set([2, 3]));
  expect(new Set(arrivals(1))).toEqual(new Set([1]));
});

test('animals are as small as the smallest asked for, and by night no farther than the flash reaches', () => {
  const far = (smallest: number, sight: number): number =>
    Math.max(
      ...Array.from({ length: 200 }, (_, number) => {
        const [actor] = castOf(sequence({ id: `far${number}`, animals: ['elephant'] }), { ...CAST, smallest, sight });
        return actor!.distance;
      }),
    );
  // An elephant's drawing is 3.3 metres high.
  const share = (distance: number): number => (3.3 * CAST.view.scaleAt(distance)) / CAST.view.height;
  expect(share(far(0.15, Infinity))).toBeGreaterThan(0.149);
  expect(share(far(0.02, Infinity))).toBeGreaterThan(0.0199);
  expect(share(far(0.02, Infinity))).toBeLessThan(0.025);
  expect(far(0.02, 30)).toBeLessThanOrEqual(30);
});

test('with more vegetation more moves between the frames', async () => {
  const moved = async (vegetation: number): Promise<number> => {
    const studio = new Studio({ ...EASY, vegetation });
    let sum = 0;
    for (let number = 0; number < 6; number++) {
      const [first, second] = await studio.draw(sequence({ id: `wind${number}`, time: NOON }));
      sum += movedShare(await pixels(first!), await pixels(second!));
    }
    return sum / 6;
  };
  expect(await moved(1)).toBeGreaterThan(2 * (await moved(0)));
});

test('JPEGs are not trivially small: the sensor adds noise', async () => {
  const [jpeg] = await new Studio(EASY).draw(sequence());
  expect(jpeg!.length).toBeGreaterThan(15_000);
});
