import { listPhotographs } from '../../model/predict/listing';
import type { LabelledPhotograph } from './labelledPhotograph';

/** Photographs that lie in a folder a class: `zebra/…`, `empty/…`. Those in no folder have no label. */
export async function readClassFolders(folder: string): Promise<LabelledPhotograph[]> {
  const { photographs } = await listPhotographs(folder);
  return photographs.map(({ file }) => {
    const [label, ...rest] = file.split('/');
    return { file, labels: rest.length === 0 ? [] : [label!] };
  });
}
