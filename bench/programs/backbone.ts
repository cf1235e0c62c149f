import { Random } from '../../lib/model/random';
import { FEATURES_SIGNATURE, ImageModel } from '../../lib/model/imageModel';

/** Runs a backbone's SavedModel on random pictures: `backbone.js SAVED_MODEL BATCH SECONDS`. Prints one JSON object. */
async function main([savedModel, batch, seconds]: readonly string[]): Promise<void> {
  const preprocessing = { width: 224, height: 224, channels: 'RGB', resize: 'stretch' } as const;
  const model = await ImageModel.load(savedModel!, { preprocessing, signature: FEATURES_SIGNATURE }, Number(batch));
  const random = new Random(1);
  const images = Array.from({ length: Number(batch) }, () =>
    Uint8Array.from({ length: 224 * 224 * 3 }, () => random.below(256)),
  );
  for (let round = 0; round < 3; round++) model.run(images);
  const started = performance.now();
  let done = 0;
  while (performance.now() - started < 1000 * Number(seconds)) {
    model.run(images);
    done += images.length;
  }
  console.log(JSON.stringify({ framesPerSecond: (1000 * done) / (performance.now() - started) }));
}

void main(process.argv.slice(2));
