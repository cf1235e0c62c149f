import { join } from 'node:path';
import { SerengetiError } from '../../../../lib/contracts/errors';
import type { PickedFrame } from '../../../../lib/contracts/pick';
import { fineTuneOptionsSchema, trainingOptionsSchema, type TrainingOptions } from '../../../../lib/contracts/runInput';
import { writeFeatureModel } from '../../../../lib/model/backbones';
import { extractSeasons } from '../../../../lib/model/features';
import { trainHead } from '../../../../lib/model/head';
import type { FineTuneInput } from '../../../../lib/model/tuning';
import { evenScoring, pickedFrame } from '../support';
import { stripes, TINY_SIZE, tinyBackbone, tinyParameters } from './support';

export const CLASSES = ['empty', 'impala', 'zebra'];
export const FRAMES = 72;
export const HEAD_EPOCHS = 8;
export const TUNING = { cells: 2, epochs: 4, batchSize: 16, learningRate: 0.003 };

const SEASONS = ['S1', 'S2'];

/** Two seasons of photographs that share their file names. */
export class StripedSeasons {
  private constructor(
    private readonly folder: string,
    readonly frames: readonly PickedFrame[],
    /** By season and file name. */
    readonly photographs: Map<string, Buffer>,
  ) {}

  /** @param folder - for features and drafts */
  static async draw(folder: string): Promise<StripedSeasons> {
    const frames = Array.from({ length: FRAMES }, (_, number) =>
      pickedFrame(number >> 1, {
        season: SEASONS[number % 2],
        site: `site-${number % 9}`,
        labels: [CLASSES[number % 3]!],
      }),
    );
    const photographs = new Map<string, Buffer>();
    for (const [number, { season, fileName }] of frames.entries()) {
      photographs.set(`${season}/${fileName}`, await stripes(number % 3, number));
    }
    return new StripedSeasons(folder, frames, photographs);
  }

  /** With the backbone as it was published. */
  async extractFeatures(): Promise<void> {
    const featureModelDirectory = join(this.folder, 'feature_model');
    const form = { input: TINY_SIZE, pooling: 'average' } as const;
    await writeFeatureModel(tinyBackbone, tinyParameters(), form, featureModelDirectory);
    const { frames, readFrame, folder: directory } = this;
    await extractSeasons({ frames, readFrame, featureModelDirectory, preprocessing: TINY_SIZE, directory });
  }

  readFrame = async (season: string, fileName: string): Promise<Buffer> => {
    const file = this.photographs.get(`${season}/${fileName}`);
    if (file === undefined) throw new SerengetiError('FRAME_MISSING', `no ${fileName}`);
    return file;
  };

  /** What a fine-tuning takes, its head trained. */
  async input(draft: string, options: Partial<TrainingOptions> = {}, tuning: object = {}): Promise<FineTuneInput> {
    const parsed = trainingOptionsSchema.parse({
      head: 'tutorial',
      epochs: HEAD_EPOCHS,
      hidden: [12],
      learningRate: 0.01,
      batchSize: 32,
      ...options,
    });
    const common = {
      features: SEASONS.map((season) => ({ season, directory: join(this.folder, season) })),
      frames: this.frames,
      classes: CLASSES,
      options: parsed,
      scoring: evenScoring(CLASSES, parsed),
      seed: 1,
    };
    const trained = await trainHead({ ...common, directory: join(this.folder, 'frozen', draft) });
    return {
      ...common,
      directory: join(this.folder, draft),
      trained,
      fineTune: fineTuneOptionsSchema.parse({ ...TUNING, ...tuning }),
      backbone: tinyBackbone,
      parameters: tinyParameters(),
      pooling: 'average',
      preprocessing: TINY_SIZE,
      readFrame: this.readFrame,
    };
  }
}
