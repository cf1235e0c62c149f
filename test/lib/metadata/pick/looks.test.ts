import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { indexSeasons } from '../../../../lib/metadata';
import { temporaryFolder } from '../../../support/folders';
import { FORMATS } from '../support/formats';
import { catalogOf, OTHER_SEASON, SEASON } from '../support/season';
import { picked } from '../support/seasons';

const folder = temporaryFolder();

const NAMES = { zebras: SEASON[0]!.frames[0]!.name, empty: SEASON[1]!.frames[0]!.name };
const DETECTIONS = {
  detection_categories: { '1': 'animal', '2': 'person' },
  images: [
    {
      file: NAMES.zebras,
      detections: [
        { category: '1', conf: 0.9, bbox: [0.1, 0.2, 0.3, 0.4] },
        { category: '1', conf: 0.3, bbox: [0.5, 0.6, 0.1, 0.2] },
        { category: '1', conf: 0.1, bbox: [0.7, 0.7, 0.1, 0.2] },
        { category: '2', conf: 0.9, bbox: [0.7, 0.7, 0.1, 0.2] },
      ],
    },
    { file: OTHER_SEASON[0]!.frames[0]!.name, detections: [] },
  ],
};

/** Two seasons, of which those named have detections. */
async function seasonsWith(detected: readonly string[]) {
  await writeFile(join(folder(), 'detections.json'), JSON.stringify(DETECTIONS));
  const { metadata, files } = await FORMATS['coco-camera-traps'](folder(), [...SEASON, ...OTHER_SEASON]);
  const plain = catalogOf(metadata, {}, ['S1', 'S2']);
  const seasons = plain.seasons.map((season) =>
    detected.includes(season.id) ? { ...season, detections: 'detections.json' } : season,
  );
  const catalog = { ...plain, seasons };
  const indexes = seasons.map((season) => ({ season: season.id, directory: join(folder(), season.id), of: season }));
  for (const { directory } of indexes) await mkdir(directory, { recursive: true });
  await indexSeasons({
    catalog,
    metadataFiles: [...files, join(folder(), 'detections.json')],
    seasons: indexes.map(({ of: season, directory }) => ({ season, directory })),
  });
  return { catalog, indexes };
}

test('a season without detections cannot be looked at by its animals', async () => {
  await expect(picked(folder(), await seasonsWith(['S1']), {}, { crop: { threshold: 0.2 } })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining('model.crop: season S2 has no detections') as string,
  });
});

test('each animal that is sure enough is a look of its own, a frame without any is one', async () => {
  const { frames, summary } = await picked(folder(), await seasonsWith(['S1', 'S2']), {}, { crop: { threshold: 0.2 } });

  const looks = (name: string) => frames.filter(({ fileName }) => fileName === name).map(({ box }) => box);
  expect(looks(NAMES.zebras)).toEqual([
    [0.1, 0.2, 0.3, 0.4],
    [0.5, 0.6, 0.1, 0.2],
  ]);
  expect(looks(NAMES.empty)).toEqual([null]);
  expect(summary.trainFrames).toBe(frames.filter(({ split }) => split === 'train').length);
});

test('without crops frames are picked as if there were no detections', async () => {
  const { frames } = await picked(folder(), await seasonsWith(['S1', 'S2']));
  expect(frames.filter(({ fileName }) => fileName === NAMES.zebras)).toHaveLength(1);
  expect(frames[0]).not.toHaveProperty('box');
});
