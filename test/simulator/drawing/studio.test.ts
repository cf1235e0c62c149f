import sharp from 'sharp';
import { Studio } from '../../../simulator/drawing/studio';
import type { SpeciesName } from '../../../simulator/plan/classes';
import type { Sequence } from '../../../simulator/plan/sequences';
import { sitesOf } from '../../../simulator/plan/sites';

const SIZE = { width: 320, height: 240, quality: 90 };
const STRIP = 11;
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

/** Mean difference between the channels of a pixel: 0 for grey. */
function colourfulness({ data }: Pixels): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 3) sum += Math.abs(data[at]! - data[at + 2]!);
  return sum / (data.length / 3);
}

test('a sequence gives the same bytes, first or last, alone or among others', async () => {
  const wanted = sequence({ animals: ['zebra'] });
  const alone = await new Studio(SIZE).draw(wanted);
  const studio = new Studio(SIZE);
  const others = ['giraffe', 'elephant'].map((name, index) =>
    studio.draw(sequence({ id: `other${index}`, site: THERE, animals: [name as SpeciesName] })),
  );
  const [among] = await Promise.all([studio.draw(wanted), ...others]);
  expect(among.map((frame) => frame.equals(alone[among.indexOf(frame)]!))).toEqual([true, true, true]);
});

test('frames have the size asked for and an info strip at the bottom', async () => {
  const [jpeg] = await new Studio(SIZE).draw(sequence());
  const { data, width, height } = await pixels(jpeg!);
  expect([width, height]).toEqual([320, 240]);
  const strip = [...data.subarray((height - STRIP + 1) * width * 3)];
  expect(strip.filter((value) => value < 40).length / strip.length).toBeGreaterThan(0.5);
  expect(strip.filter((value) => value > 150).length / strip.length).toBeGreaterThan(0.02);
});

test('days are coloured, nights are grey and dark', async () => {
  const studio = new Studio(SIZE);
  const [day] = await studio.draw(sequence());
  const [night] = await studio.draw(sequence({ time: MIDNIGHT }));
  expect(colourfulness(await pixels(day!))).toBeGreaterThan(15);
  expect(colourfulness(await pixels(night!))).toBeLessThan(2);
  const mean = async (jpeg: Buffer): Promise<number> => (await sharp(jpeg).stats()).channels[0]!.mean;
  expect(await mean(night!)).toBeLessThan(0.7 * (await mean(day!)));
});

test('a site looks the same in another season, and unlike another site', async () => {
  const studio = new Studio(SIZE);
  const [first] = await studio.draw(sequence({ time: MIDNIGHT }));
  const [later] = await studio.draw(
    sequence({ id: 'SER_S2#B04#1#9', season: 'S2', time: MIDNIGHT + 365 * 86_400_000 }),
  );
  const [elsewhere] = await studio.draw(sequence({ site: THERE, time: MIDNIGHT }));
  const [a, b, c] = [await pixels(first!), await pixels(later!), await pixels(elsewhere!)];
  expect(difference(a, b)).toBeLessThan(0.6 * difference(a, c));
});

test('between the frames animals walk; without any, at most the grass moves', async () => {
  const studio = new Studio(SIZE);
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

test('JPEGs are not trivially small: the sensor adds noise', async () => {
  const [jpeg] = await new Studio(SIZE).draw(sequence());
  expect(jpeg!.length).toBeGreaterThan(15_000);
});
