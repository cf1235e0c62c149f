import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const HEADER = 'file,sequence,taken,taken_from,label,probability,ended_early,failure,empty,human,zebra';
const ROWS = [
  'hill/h.jpg,hill/h.jpg,2024-05-02T10:00:00,exif,human,0.8,,,0.1,0.8,0.1',
  'river/DCIM/100RECNX/a.jpg,river/DCIM/100RECNX/a.jpg,2024-05-01T06:00:00,exif,zebra,0.9,,,0.05,0.05,0.9',
  'river/DCIM/101RECNX/b.jpg,river/DCIM/100RECNX/a.jpg,2024-05-01T06:00:02,exif,zebra,0.9,,,0.05,0.05,0.9',
  'river/DCIM/100RECNX/c.jpg,river/DCIM/100RECNX/c.jpg,2024-05-01T07:00:00,exif,empty,0.7,,,0.7,0.25,0.05',
];
const INFO = { classifier: 'serengeti efficientnet-lite0', classifier_metadata: { empty_class: 'empty' } };

/** What `predict` says of the folder `card`: three events at two sites, a person among them. */
export async function writePredictions(folder: string, rows: readonly string[] = ROWS): Promise<void> {
  const output = join(folder, 'card-predictions');
  await mkdir(output, { recursive: true });
  await writeFile(join(output, 'predictions.csv'), [HEADER, ...rows, ''].join('\n'));
  await writeFile(join(output, 'predictions.json'), JSON.stringify({ info: INFO, images: [] }));
}

/** The photographs themselves. */
export const PREDICTED_FILES = ROWS.map((row) => row.split(',')[0]!);
