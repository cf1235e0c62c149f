import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../lib/io/home';
import { backbones, writeFeatureModel } from '../lib/model/backbones';
import { readWeights } from '../lib/model/weights';
import { pathExists } from '../lib/io/files';
import { benchFolder } from './harness';

export interface BenchBackbone {
  /** Keras's weights file. */
  readonly weights: string;
  /** The same network as this project writes it. */
  readonly savedModel: string;
}

/** What the tutorial's network sees. */
export const TUTORIAL_INPUT = { width: 224, height: 224, channels: 'RGB', fit: 'stretch' } as const;

/** NASNetMobile with weights from a formula: its speed does not depend on their values, and nothing is downloaded. */
export async function prepareNasNetMobile(python: string): Promise<BenchBackbone> {
  const folder = benchFolder('nasnet-mobile');
  await mkdir(folder, { recursive: true });
  const weights = join(folder, 'weights.h5');
  if (!(await pathExists(weights))) {
    const environment = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
    await promisify(execFile)(python, [join(projectRoot(), 'scripts/golden/nasnet.py'), weights], { env: environment });
  }
  const savedModel = join(folder, 'saved_model');
  const backbone = backbones['nasnet-mobile'];
  await writeFeatureModel(
    backbone,
    backbone.parameters(await readWeights(weights)),
    { input: TUTORIAL_INPUT, pooling: backbone.defaultPooling },
    savedModel,
  );
  return { weights, savedModel };
}
