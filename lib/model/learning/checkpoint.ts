import { join } from 'node:path';
import type { EpochRecord } from '../../contracts/model';
import type { Warning } from '../../contracts/progress';
import { scratchPath } from '../../io/files';
import { readKeptTensors, writeTensors, type NamedTensor } from '../safetensors';
import type { LearnerState, ParameterShapes } from './adam';

/** A training between two epochs: all that its rest depends on, beside its input. */
export interface TrainingState {
  readonly learner: LearnerState;
  /** One record a finished epoch. */
  readonly history: readonly EpochRecord[];
  /** The parameters with the lowest loss on the monitored slice, where there is one. */
  readonly best?: { readonly epoch: number; readonly loss: number; readonly parameters: readonly Float32Array[] };
}

/** The checkpoint of a training in its draft, replaced after each epoch. */
export class CheckpointFile {
  readonly #path: string;
  readonly #shapes: ParameterShapes;
  readonly #fingerprint: string;

  /** @param fingerprint - of all that the training depends on: a checkpoint of another training is not taken */
  constructor(draft: string, shapes: ParameterShapes, fingerprint: string) {
    this.#path = join(scratchPath(draft, 'checkpoint'), 'latest.safetensors');
    this.#shapes = shapes;
    this.#fingerprint = fingerprint;
  }

  async write({ learner, history, best }: TrainingState): Promise<void> {
    const tensors = new Map<string, NamedTensor>();
    const add = (group: string, arrays: readonly Float32Array[]) => {
      [...this.#shapes].forEach(([name, shape], position) => {
        tensors.set(`${group}/${name}`, { shape, data: arrays[position]! });
      });
    };
    add('parameters', learner.parameters);
    add('means', learner.means);
    add('squares', learner.squares);
    if (best !== undefined) add('best', best.parameters);
    const metadata = {
      fingerprint: this.#fingerprint,
      updates: String(learner.updates),
      history: JSON.stringify(history),
      ...(best === undefined ? {} : { best: JSON.stringify({ epoch: best.epoch, loss: best.loss }) }),
    };
    await writeTensors(this.#path, { tensors, metadata });
  }

  /** @returns the state after the last finished epoch, `undefined` where there is none that fits */
  async read(onWarning?: (warning: Warning) => void): Promise<TrainingState | undefined> {
    const kept = await readKeptTensors(this.#path, (problem) =>
      onWarning?.({ message: `Training begins again, its checkpoint is damaged: ${problem}` }),
    );
    if (kept === undefined) return undefined;
    const { tensors, metadata } = kept;
    if (metadata.fingerprint !== this.#fingerprint) return undefined;
    const group = (name: string) =>
      [...this.#shapes.keys()].map((parameter) => tensors.get(`${name}/${parameter}`)!.data);
    const learner = {
      parameters: group('parameters'),
      means: group('means'),
      squares: group('squares'),
      updates: Number(metadata.updates),
    };
    const history = JSON.parse(metadata.history!) as EpochRecord[];
    if (metadata.best === undefined) return { learner, history };
    const best = JSON.parse(metadata.best) as { epoch: number; loss: number };
    return { learner, history, best: { ...best, parameters: group('best') } };
  }
}
