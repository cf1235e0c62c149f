import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeAtomic } from '../../io/files';
import type { LabelledPhotograph } from './labelledPhotograph';

/** Writes labels as COCO Camera Traps JSON, which the index reads. A photograph that is there twice has both labels. */
export async function writeCoco(path: string, photographs: readonly LabelledPhotograph[]): Promise<void> {
  const byFile = new Map<string, LabelledPhotograph>();
  for (const photograph of photographs) {
    const known = byFile.get(photograph.file);
    byFile.set(photograph.file, { ...photograph, labels: [...(known?.labels ?? []), ...photograph.labels] });
  }
  const names = [...new Set(photographs.flatMap(({ labels }) => labels))].sort();
  const numbers = new Map(names.map((name, number) => [name, number]));
  await writeAtomic(path, async (temporary) => {
    await pipeline(Readable.from(lines([...byFile.values()], numbers)), createWriteStream(temporary));
  });
}

function* lines(photographs: readonly LabelledPhotograph[], numbers: ReadonlyMap<string, number>): Generator<string> {
  const categories = [...numbers].map(([name, id]) => ({ id, name }));
  yield `{"categories": ${JSON.stringify(categories)},\n"images": [`;
  for (const [id, { file, site, time, sequence }] of photographs.entries()) {
    const image = { id: String(id), file_name: file, location: site, datetime: time, seq_id: sequence || undefined };
    yield `${id === 0 ? '' : ','}\n${JSON.stringify(image)}`;
  }
  yield '],\n"annotations": [';
  let count = 0;
  for (const [id, { labels, classifiedBy }] of photographs.entries()) {
    for (const label of new Set(labels)) {
      const category = numbers.get(label);
      const annotation = {
        id: String(count),
        image_id: String(id),
        category_id: category,
        classified_by: classifiedBy,
      };
      yield `${count === 0 ? '' : ','}\n${JSON.stringify(annotation)}`;
      count += 1;
    }
  }
  yield ']}\n';
}
