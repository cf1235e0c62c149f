import { TUTORIAL_INPUT } from '../backbone';
import { Random } from '../../lib/model/random';
import { FEATURES_SIGNATURE, ImageModel } from '../../lib/model/inference';

/** Runs a backbone's SavedModel on random pictures: `backbone.js SAVED_MODEL SECONDS`. Prints one JSON object. */
async function main([savedModel, seconds]: readonly string[]): Promise<void> {
  const model = await ImageModel.load(savedModel!, { preprocessing: TUTORIAL_INPUT, signature: FEATURES_SIGNATURE });
  const random = new Random(1);
  const images = Array.from({ length: model.batchSize }, () =>
    Uint8Array.from({ length: TUTORIAL_INPUT.width * TUTORIAL_INPUT.height * 3 }, () => random.below(256)),
  );
  const inParallel = (work: () => Promise<void>) => Promise.all(Array.from({ length: model.parallel }, work));
  await inParallel(async () => {
    for (let round = 0; round < 3; round++) await model.run(images);
  });
  const started = performance.now();
  let done = 0;
  await inParallel(async () => {
    while (performance.now() - started < 1000 * Number(seconds)) {
      await model.run(images);
      done += images.length;
    }
  });
  console.log(JSON.stringify({ framesPerSecond: (1000 * done) / (performance.now() - started) }));
}

void main(process.argv.slice(2));
