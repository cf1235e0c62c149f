import { ANIMALS } from '../../../simulator/drawing/animals';
import { renderSvg, type Sprite } from '../../../simulator/drawing/raster';
import { SPECIES } from '../../../simulator/plan/classes';
import { Random } from '../../../simulator/random';

const MARGIN = 0.25;
const POSTURES = [
  { stride: 0, pace: 0, head: 1 },
  { stride: 0.35, pace: 1, head: 0.7 },
  { stride: 0.8, pace: 0.3, head: 0 },
];

/** Draws an animal with room around its box; sides are pixels, so that small and large animals cost the same. */
async function drawn(species: (typeof SPECIES)[number], posture: (typeof POSTURES)[number]) {
  const { elements, box } = ANIMALS[species](posture, new Random(species));
  const side = 80;
  const room = {
    x: box.x - box.width * MARGIN,
    y: box.y - box.height * MARGIN,
    width: box.width * (1 + 2 * MARGIN),
    height: box.height * (1 + 2 * MARGIN),
  };
  const sprite = await renderSvg(elements, room, side * (1 + 2 * MARGIN), side * (1 + 2 * MARGIN));
  return { sprite, inside: { from: side * MARGIN, to: side * (1 + MARGIN) } };
}

function opaque(
  { data, width, height }: Sprite,
  inside: { from: number; to: number },
): { within: number; beyond: number } {
  let within = 0;
  let beyond = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[(y * width + x) * 4 + 3]! < 128) continue;
      const fits = x >= inside.from - 1 && x <= inside.to && y >= inside.from - 1 && y <= inside.to;
      if (fits) within++;
      else beyond++;
    }
  }
  return { within, beyond };
}

test.each(SPECIES)(
  '%s stays within the box it claims, in every posture, and fills a good part of it',
  async (species) => {
    for (const posture of POSTURES) {
      const { sprite, inside } = await drawn(species, posture);
      const { within, beyond } = opaque(sprite, inside);
      expect(beyond).toBe(0);
      expect(within / 80 ** 2).toBeGreaterThan(0.06);
    }
  },
);

test('no two species look the same', async () => {
  const pictures = new Set<string>();
  for (const species of SPECIES) {
    const { sprite } = await drawn(species, POSTURES[0]!);
    pictures.add(Buffer.from(sprite.data).toString('base64'));
  }
  expect(pictures.size).toBe(SPECIES.length);
});

test('legs move with the stride', async () => {
  const still = await drawn('zebra', { stride: 0, pace: 1, head: 1 });
  const moved = await drawn('zebra', { stride: 0.5, pace: 1, head: 1 });
  const again = await drawn('zebra', { stride: 1, pace: 1, head: 1 });
  expect(Buffer.from(moved.sprite.data).equals(Buffer.from(still.sprite.data))).toBe(false);
  expect(Buffer.from(again.sprite.data).equals(Buffer.from(still.sprite.data))).toBe(true);
});
