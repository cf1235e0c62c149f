import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeasonMetadata } from '../../../../lib/contracts/catalog';
import type { Described } from './season';

/** A format's metadata of a season, written to a folder. */
export interface WrittenMetadata {
  readonly metadata: SeasonMetadata;
  readonly files: readonly string[];
}

export type FormatWriter = (folder: string, season: readonly Described[]) => Promise<WrittenMetadata>;

export const FORMATS: Readonly<Record<SeasonMetadata['format'], FormatWriter>> = {
  'coco-camera-traps': writeCoco,
  'competition-csv': writeCompetition,
  'lila-csv': writeLila,
  'camtrap-dp': writeCamtrapDp,
};

/** Members of a COCO Camera Traps document, with what is not strictly JSON left to {@link cocoText}. */
export function cocoOf(season: readonly Described[]): Record<string, unknown> {
  const names = [...new Set(season.flatMap(({ labels }) => labels))].sort();
  return {
    info: { version: '1.0' },
    categories: names.map((name, id) => ({ id, name })),
    images: season.flatMap(({ id, frames }) =>
      frames.map(({ name, time }, position) => ({
        id: name.replace('.JPG', ''),
        file_name: name,
        frame_num: position + 1,
        seq_id: id,
        width: 2048,
        height: 1536,
        corrupt: false,
        location: id.split('#')[1],
        seq_num_frames: frames.length,
        datetime: time,
      })),
    ),
    annotations: season.flatMap(({ id, labels, frames }) =>
      frames.flatMap(({ name }) =>
        labels.map((label) => ({
          sequence_level_annotation: true,
          id: `${name}-${label}`,
          category_id: names.indexOf(label),
          seq_id: id,
          image_id: name.replace('.JPG', ''),
          count: 'NaN',
        })),
      ),
    ),
  };
}

/** As LILA writes it: an indent of one, bare `NaN`s. */
export function cocoText(document: Record<string, unknown>): string {
  return JSON.stringify(document, undefined, 1).replaceAll('"NaN"', 'NaN');
}

async function writeCoco(folder: string, season: readonly Described[]): Promise<WrittenMetadata> {
  const file = join(folder, 'S1.json');
  await writeFile(file, cocoText(cocoOf(season)));
  return { metadata: { format: 'coco-camera-traps', path: 'metadata/S1.json' }, files: [file] };
}

async function writeCompetition(folder: string, season: readonly Described[]): Promise<WrittenMetadata> {
  const names = [...new Set(season.flatMap(({ labels }) => labels))].sort();
  const files = [join(folder, 'train_metadata.csv'), join(folder, 'train_labels.csv')];
  const frames = season.flatMap(({ id, frames }) => frames.map(({ name, time }) => `${id},${name},${time}\n`));
  const labels = season.map(
    ({ id, labels }) => `${id},${names.map((name) => Number(labels.includes(name))).join(',')}\n`,
  );
  await writeFile(files[0]!, `seq_id,file_name,datetime\n${frames.join('')}`);
  await writeFile(files[1]!, `seq_id,${names.join(',')}\n${labels.join('')}`);
  return {
    metadata: { format: 'competition-csv', metadata: 'train_metadata.csv', labels: 'train_labels.csv' },
    files,
  };
}

async function writeLila(folder: string, season: readonly Described[]): Promise<WrittenMetadata> {
  const files = [join(folder, 'images.csv'), join(folder, 'annotations.csv')];
  const images = season.flatMap(({ id, frames }) => frames.map(({ name }, rank) => `${id},${rank + 1},${name}\n`));
  const annotations = season.flatMap(({ id, labels, frames }) => {
    const [season, site, roll, capture] = id.split('#');
    const [date, time] = frames[0]!.time.split(' ');
    return labels.map((label) => `${id},${season},${site},${roll},${capture},${date},${time},${label},1\n`);
  });
  await writeFile(files[0]!, `capture_id,image_rank_in_capture,image_path_rel\n${images.join('')}`);
  await writeFile(
    files[1]!,
    `capture_id,season,site,roll,capture,capture_date_local,capture_time_local,question__species,question__count_median\n` +
      annotations.join(''),
  );
  return { metadata: { format: 'lila-csv', images: 'images.csv', annotations: 'annotations.csv' }, files };
}

async function writeCamtrapDp(folder: string, season: readonly Described[]): Promise<WrittenMetadata> {
  const sites = [...new Set(season.map(({ id }) => id.split('#')[1]))];
  const media = season.flatMap(({ id, frames }) =>
    frames.map(
      ({ name, time }) => `${name},${id.split('#')[1]}-1,${time.replace(' ', 'T')}+03:00,${name},true,image/jpeg\n`,
    ),
  );
  const observations = season.flatMap(({ id, labels, frames }) =>
    labels.map((label, position) => {
      const isAnimal = !['human', 'blank', 'empty'].includes(label);
      const span = [frames[0]!.time, frames.at(-1)!.time].map((time) => `${time.replace(' ', 'T')}+03:00`);
      const type = isAnimal ? 'animal' : label === 'human' ? 'human' : 'blank';
      return `${id}-${position},${id.split('#')[1]}-1,,${id},${span.join(',')},event,${type},${isAnimal ? label : ''}\n`;
    }),
  );
  const tables = {
    'deployments.csv': `deploymentID,locationID\n${sites.map((site) => `${site}-1,${site}\n`).join('')}`,
    'media.csv': `mediaID,deploymentID,timestamp,filePath,filePublic,fileMediatype\n${media.join('')}`,
    'observations.csv':
      'observationID,deploymentID,mediaID,eventID,eventStart,eventEnd,observationLevel,observationType,scientificName\n' +
      observations.join(''),
    'datapackage.json': JSON.stringify({
      profile: 'https://raw.githubusercontent.com/tdwg/camtrap-dp/1.0.1/camtrap-dp-profile.json',
      resources: ['deployments', 'media', 'observations'].map((name) => ({ name, path: `${name}.csv` })),
    }),
  };
  for (const [name, text] of Object.entries(tables)) await writeFile(join(folder, name), text);
  return {
    metadata: { format: 'camtrap-dp', path: 'datapackage.json' },
    files: Object.keys(tables).map((name) => join(folder, name)),
  };
}
