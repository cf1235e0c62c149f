import { z } from 'zod';
import { BACKBONES } from './backbone';
import type { Crop } from './preprocessing';
import { STEP_NAMES } from './steps';

// Workflow code runs in a sandbox that refuses generated functions; zod's compiled validators would be such.
z.config({ jitless: true });

const share = z.number().min(0).max(1);

/** Which frames stand for which sequences. */
export const frameOptionsSchema = z.strictObject({
  /**
   * Frames of a sequence that are looked at: the `first` (the tutorial's choice), `all`, or a number spread over it.
   * @default 'first'
   */
  perSequence: z.union([z.enum(['first', 'all']), z.int().min(1).max(50)]).default('first'),
  /**
   * Share of the empty training sequences that is kept, from 0 to 1. Predictions undo the shift of the balance; held-out
   * seasons keep the natural one.
   * @default of each season a tenth, but as many as it has other sequences where that is more, up to a thousand
   */
  keepEmpties: share.optional(),
  /** At most so many training sequences a class. @default no cap */
  maxPerClass: z.int().min(1).optional(),
  /** At most so many training sequences. @default no cap */
  maxTrain: z.int().min(1).optional(),
  /** At most so many validation sequences, drawn without regard to class. @default no cap */
  maxValidation: z.int().min(1).optional(),
  /** Training classes with fewer sequences than this are left out of training. @default 0 */
  minPerClass: z.int().min(0).default(0),
  /**
   * Share of the held-out seasons' sites, drawn by seed, that is kept out of training in all seasons: what the model does
   * there is what it will do at new sites. At least one site where it is not 0.
   * @default 0
   */
  holdOutSites: share.default(0),
  /** Leaves out of validation the sites that training saw. @default false */
  splitBySite: z.boolean().default(false),
});

/** Sides in pixels: below, backbones see next to nothing; above, a photograph takes gigabytes on its way through. */
const side = z.int().min(32).max(2048);

/** What of a photograph the network gets to see. */
const inputOptionsSchema = z.strictObject({
  width: side,
  height: side,
  /**
   * How a photograph of another shape is put into it. `stretch`: it fills all of it, distorted. `letterbox`: it keeps its
   * shape, and grey fills what it leaves.
   * @default 'stretch'
   */
  fit: z.enum(['stretch', 'letterbox']).default('stretch'),
});

export const modelOptionsSchema = z.strictObject({
  /** @default 'efficientnet-lite0' */
  backbone: z.enum(BACKBONES).default('efficientnet-lite0'),
  /**
   * A local weights file on the gpu workers, instead of the pinned one: safetensors, Keras `.h5`, or a PyTorch checkpoint,
   * which takes Python 3 there the first time.
   */
  weights: z.string().min(1).optional(),
  /**
   * The size at which photographs are seen, and how they are brought to it: any size and shape, 32 to 2048 pixels a side.
   * Time and memory go with its area.
   * @default { width: 384, height: 384 }
   */
  input: inputOptionsSchema.prefault({ width: 384, height: 384 }),
  /**
   * `detections`: each animal that a detector found is looked at by itself, cut out with a margin; the looks of a sequence are
   * pooled. Frames without one are looked at as a whole. Every season needs its `detections` in the catalog, and what is
   * predicted later too.
   * @default 'none'
   */
  crop: z.enum(['none', 'detections']).default('none'),
  /** Detections that are less sure are left aside, 0 to 1. @default 0.2 */
  cropThreshold: share.default(0.2),
});

/** What of a photograph is looked at: nothing where that is all of it. */
export function cropOf({ crop, cropThreshold }: Pick<ModelOptions, 'crop' | 'cropThreshold'>): Crop | undefined {
  return crop === 'detections' ? { threshold: cropThreshold } : undefined;
}

/** How photographs are varied while the backbone learns, each anew in every epoch. */
const augmentationSchema = z.strictObject({
  /** Left and right are exchanged in every second one. @default true */
  flip: z.boolean().default(true),
  /** Largest share of width and height that is cut away, anywhere. @default 0.15 */
  crop: z.number().min(0).max(0.9).default(0.15),
  /** Values are multiplied by 1 − brightness to 1 + brightness. @default 0.2 */
  brightness: z.number().min(0).max(0.9).default(0.2),
});

/** Training the end of the backbone with the head, after the head has converged. */
export const fineTuneOptionsSchema = z.strictObject({
  /**
   * How many of the backbone's last cells learn. Of EfficientNet-Lite0 the last is the convolution to 1280 channels, the
   * others are inverted residuals; NASNetMobile has sixteen cells.
   * @default 3
   */
  cells: z.int().min(1).max(16).default(3),
  /** @default 5 */
  epochs: z.int().min(1).max(1000).default(5),
  /** Photographs an update. @default 32 */
  batchSize: z.int().min(1).max(1024).default(32),
  /** Step size of Adam: less than the head's, for what is there should change little. @default 0.0001 */
  learningRate: z.number().gt(0).max(1).default(0.0001),
  augmentation: augmentationSchema.prefault({}),
});

/** Options of training by gradient descent: the tutorial's head, and fine-tuning. */
const descentOptions = {
  /** Of the tutorial's head. @default 30 */
  epochs: z.int().min(1).max(1000).optional(),
  /** Of the tutorial's head. @default 128 */
  batchSize: z.int().min(1).max(4096).optional(),
  /** Step size of Adam for the tutorial's head. @default 0.001 */
  learningRate: z.number().gt(0).max(1).optional(),
  /** Widths of the dense ReLU layers of the tutorial's head. @default [256] */
  hidden: z.array(z.int().min(1).max(4096)).max(4).optional(),
  /** How the step size goes over the epochs. @default 'constant' */
  schedule: z.enum(['constant', 'cosine']).optional(),
  /** Share dropped before each dense layer. @default 0.2 */
  dropout: z.number().min(0).lt(1).optional(),
  /**
   * Stops when the loss on a site-disjoint slice of the training seasons has not improved for so many epochs.
   * 0: trains all epochs. The held-out seasons are never looked at.
   * @default 0
   */
  patience: z.int().min(0).max(1000).optional(),
};

/** Options that only the tutorial's head has. */
const TUTORIAL_ONLY = ['epochs', 'batchSize', 'learningRate', 'hidden'] as const;
/** Options that fine-tuning has too. */
const DESCENT_ONLY = ['schedule', 'dropout', 'patience'] as const;

/** The head and how it is trained. */
export const trainingOptionsSchema = z
  .strictObject({
    /**
     * `fitted`: trained until it converges under a penalty on its weights, whose strength and metric, and whether a
     * hidden layer pays, cross-validation on the training seasons decides. `tutorial`: so many epochs of Adam, nothing held back.
     * @default 'fitted'
     */
    head: z.enum(['fitted', 'tutorial']).default('fitted'),
    ...descentOptions,
    /**
     * `softmax` with categorical cross-entropy (the tutorial's), or `sigmoid` with binary cross-entropy, which is what
     * the metric measures and lets two species share a sequence.
     * @default 'softmax'
     */
    output: z.enum(['softmax', 'sigmoid']).default('softmax'),
    /**
     * `balanced` weighs a class by the inverse of its frequency, at most ten times; probabilities are corrected for it.
     * @default 'none'
     */
    classWeights: z.enum(['none', 'balanced']).default('none'),
    /** Moves what training aims at so far towards the class frequencies. @default 0 */
    labelSmoothing: z.number().min(0).lt(1).default(0),
    /**
     * `temperature`: a temperature and a bias a class, fitted on sequences that were not learned from: those that
     * cross-validation left out, or, with the tutorial's head and fine-tuning, a tenth of the sites.
     * @default 'temperature', but 'none' with the tutorial's head
     */
    calibration: z.enum(['none', 'temperature']).optional(),
    /**
     * How the frames of a sequence become one prediction: `mean` or `max` of the frames' probabilities, or their
     * `geometric` mean for the empty class and the mean for the others; or one look at the mean or the largest of the
     * frames' features, `features-mean` and `features-max`, in training as later.
     * @default 'mean'
     */
    pooling: z.enum(['mean', 'max', 'geometric', 'features-mean', 'features-max']).default('mean'),
    /**
     * Also trains the last cells of the backbone; `{}` does so with all defaults. `dropout`, `schedule`, `patience` and
     * the other options above hold there too. Not together with pooled features.
     * @default the backbone stays as published
     */
    fineTune: fineTuneOptionsSchema.optional(),
  })
  .refine(({ pooling, fineTune }) => fineTune === undefined || !pooling.startsWith('features-'), {
    path: ['fineTune'],
    message: 'the backbone learns from single frames, so it cannot be trained with pooled features',
  })
  .superRefine((options, context) => {
    if (options.head === 'tutorial') return;
    const misplaced = options.fineTune === undefined ? [...TUTORIAL_ONLY, ...DESCENT_ONLY] : TUTORIAL_ONLY;
    for (const name of misplaced) {
      if (options[name] === undefined) continue;
      const message =
        'belongs to the tutorial\'s head, say "head": "tutorial" beside it; the fitted head chooses by itself';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  });

/** When a new model takes the champion's place. */
const promotionOptionsSchema = z.strictObject({
  /**
   * Log loss, in nats, that a model may be worse by which learned from all of the champion's seasons and from more: the
   * interval of the difference has to lie below it.
   * @default 0: it has to be better, as any other
   */
  margin: z.number().min(0).max(1).default(0),
  /**
   * How far the share of animals found for as many looks, and the macro average precision, may fall, whatever the log
   * loss. A fall that so few sequences make by chance is always let pass.
   * @default 0.02
   */
  tolerance: share.default(0.02),
});

/** Steps that can be done anew; the catalog is read by every run. */
export const FORCEABLE_STEPS = STEP_NAMES.filter((step) => step !== 'catalog');

/** Fields that were called otherwise before, and what to write now. */
const RENAMED: Readonly<Record<string, string>> = {
  acquire: '"frameSource": "extracted" or "mirrors"',
  unzip: '"frameSource": "extracted" or "archives"',
  keepArchives: '"keepFetched"',
  keepFrames: '"keepFetched"',
};

/** Names the fields that there are not, and the new names of old ones. */
function unknownFields(keys: readonly string[]): string {
  const renamed = keys.filter((key) => Object.hasOwn(RENAMED, key)).map((key) => `"${key}" is now ${RENAMED[key]}`);
  return [`unknown: ${keys.map((key) => `"${key}"`).join(', ')}`, ...renamed].join('; ');
}

const RUN_INPUT_FIELDS = {
  /** `sample`, `lila`, or the path or address of a catalog file. @default 'sample' */
  catalog: z.string().min(1).max(2000).default('sample'),
  /** Seasons to learn from. @default those that the catalog proposes */
  trainSeasons: z.array(z.string().min(1)).max(500).optional(),
  /** Held-out seasons to validate on. @default those that the catalog proposes */
  validationSeasons: z.array(z.string().min(1)).max(500).optional(),
  /**
   * Where frames are read from; the model is the same.
   * `extracted`: archives are downloaded and unpacked, and frames are files.
   * `archives`: archives are downloaded, and frames are read inside them.
   * `mirrors`: archives stay where they are, and only the frames that are picked are fetched, by their byte ranges.
   * Seasons without archives are always read at the mirrors.
   * @default 'extracted'
   */
  frameSource: z.enum(['extracted', 'archives', 'mirrors']).default('extracted'),
  /**
   * Whether what was fetched stays when it has served: archives after they were extracted and every entry was found
   * sound, single frames after their features were computed.
   * @default archives stay, single frames do not
   */
  keepFetched: z.boolean().optional(),
  frames: frameOptionsSchema.prefault({}),
  model: modelOptionsSchema.prefault({}),
  training: trainingOptionsSchema.prefault({}),
  promotion: promotionOptionsSchema.prefault({}),
  /** Source of all randomness: the same input gives the same picks, model and submission on the same machine. @default 1 */
  seed: z.int().min(0).max(0xffffffff).default(1),
  /**
   * Steps to do anew, with all that follow them, although their results are there: those are removed first.
   * @default none
   */
  force: z.array(z.enum(FORCEABLE_STEPS)).default([]),
  /** Only says what the run would reuse and do, and starts nothing of it. @default false */
  dryRun: z.boolean().default(false),
};

/** Fields of the input of `trainPipeline`, each by itself. */
export const runInputFields = z.strictObject(RUN_INPUT_FIELDS, {
  error: (issue) => (issue.code === 'unrecognized_keys' ? unknownFields(issue.keys) : undefined),
});

/** Input of `trainPipeline`: one JSON object, valid when empty. */
export const runInputSchema = runInputFields.refine(
  ({ frameSource, keepFetched }) => frameSource !== 'archives' || keepFetched !== false,
  { path: ['keepFetched'], message: 'cannot be false where `frameSource` is "archives": frames are read from them' },
);

/** What a person writes: every field optional. */
export type RunRequest = z.input<typeof runInputSchema>;
/** What the pipeline works with: every default filled in. */
export type RunInput = z.output<typeof runInputSchema>;
export type FrameOptions = RunInput['frames'];
export type ModelOptions = RunInput['model'];
export type TrainingOptions = RunInput['training'];
export type PromotionOptions = RunInput['promotion'];
export type FineTuneOptions = z.output<typeof fineTuneOptionsSchema>;
/** How gradient descent goes, every default filled in. */
export type DescentOptions = { readonly [Name in keyof typeof descentOptions]-?: NonNullable<TrainingOptions[Name]> };

/** The options of gradient descent, the tutorial's where nothing is said. */
export function descentOptionsOf(options: TrainingOptions): DescentOptions {
  const { epochs = 30, batchSize = 128, learningRate = 0.001, hidden = [256] } = options;
  const { schedule = 'constant', dropout = 0.2, patience = 0 } = options;
  return { epochs, batchSize, learningRate, hidden, schedule, dropout, patience };
}

/** Whether probabilities are fitted to sequences that training did not learn from. */
export function isCalibrated({ head, calibration }: Pick<TrainingOptions, 'head' | 'calibration'>): boolean {
  return (calibration ?? (head === 'fitted' ? 'temperature' : 'none')) === 'temperature';
}
