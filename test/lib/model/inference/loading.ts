import { FEATURES_SIGNATURE, ImageModel } from '../../../../lib/model/inference';
import { picture, PREPROCESSING } from '../support';
import { inferenceProcesses } from './processes';

/** Loads a backbone and runs it, and prints the inference process's number: `loading.ts SAVED_MODEL waits|ends`. */
async function main([savedModel, then]: readonly string[]): Promise<void> {
  const model = await ImageModel.load(savedModel!, { preprocessing: PREPROCESSING, signature: FEATURES_SIGNATURE });
  await model.run([picture(1)]);
  console.log(String((await inferenceProcesses())[0]));
  if (then === 'waits') setInterval(() => undefined, 1000);
}

void main(process.argv.slice(2));
