import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { indexCamtrapDp } from '../../examples/indexCamtrapDp';
import { readParquet } from '../../lib/metadata';
import { temporaryFolder } from '../support/folders';

const folder = temporaryFolder();

const TABLES = {
  deployments: 'deploymentID,locationID\nd1,river\n',
  media: `mediaID,deploymentID,timestamp,filePath,fileName,fileMediatype
m1,d1,2020-05-01T06:00:00Z,media/1.jpg,1.jpg,image/jpeg
m2,d1,2020-05-01T06:00:01Z,media/2.jpg,2.jpg,image/jpeg
m3,d1,2020-05-02T06:00:00Z,media/3.jpg,3.jpg,image/jpeg
m4,d1,2020-05-03T06:00:00Z,media/4.jpg,4.jpg,image/jpeg
`,
  observations: `observationID,deploymentID,mediaID,eventID,eventStart,eventEnd,observationLevel,observationType,scientificName
o1,d1,,e1,2020-05-01T06:00:00Z,2020-05-01T06:00:01Z,event,animal,Equus quagga
o2,d1,,e2,2020-05-02T06:00:00Z,2020-05-02T06:00:00Z,event,blank,
o3,d1,,e3,2020-05-03T06:00:00Z,2020-05-03T06:00:00Z,event,human,
`,
};

async function putPackage(names: readonly (keyof typeof TABLES)[]): Promise<string> {
  const path = join(folder(), 'package');
  await mkdir(path);
  const resources = names.map((name) => ({ name, path: `${name}.csv` }));
  await writeFile(join(path, 'datapackage.json'), JSON.stringify({ resources }));
  for (const name of names) await writeFile(join(path, `${name}.csv`), TABLES[name]);
  return path;
}

it('says which table a package lacks', async () => {
  const path = await putPackage(['deployments', 'media']);
  await expect(indexCamtrapDp(path, join(folder(), 'tables'))).rejects.toMatchObject({
    code: 'METADATA_INVALID',
    message: 'datapackage.json has no resource "observations"; it has deployments, media',
  });
});

it('makes tables of a package, people left out', async () => {
  const path = await putPackage(['deployments', 'media', 'observations']);
  const summary = await indexCamtrapDp(path, join(folder(), 'tables'));
  expect(summary).toMatchObject({ sequences: 3, excludedSequences: 1, empties: 1, sites: 1 });
  const rows = await readParquet<{ id: string; labels: string[] }>(join(folder(), 'tables', 'sequences.parquet'));
  expect(rows).toMatchObject([{ labels: ['Equus quagga'] }, { labels: ['empty'] }, { labels: [] }]);
});
