import { join } from 'node:path';
import type { EpochRecord } from '../../contracts/model';
import type { Warning } from '../../contracts/progress';
import { readKeptTensors, writeTensors, type NamedTensor } from '../safetensors';
import type { MinimiserState } from './lbfgs';

/** A checkpoint costs a moment: small heads are done before one is due. */
const INTERVAL_MS = 2000;

export interface FitState {
  readonly state: MinimiserState;
  readonly history: readonly EpochRecord[];
}

/** Where the fit of a head is, in its draft: it goes on from there as if nothing had happened. */
export class FitCheckpoint {
  readonly #path: string;
  #writtenAt = performance.now();

  constructor(folder: string) {
    this.#path = join(folder, 'fit.safetensors');
  }

  /** Keeps the state, where the last one is some seconds old. */
  async write({ state, history }: FitState): Promise<void> {
    if (performance.now() - this.#writtenAt < INTERVAL_MS) return;
    const vector = (name: string, data: Float32Array): [string, NamedTensor] => [name, { shape: [data.length], data }];
    const tensors = new Map([
      vector('point', state.point),
      vector('gradient', state.gradient),
      ...state.steps.map((step, i) => vector(`step-${i}`, step)),
      ...state.changes.map((change, i) => vector(`change-${i}`, change)),
    ]);
    const { value, iterations, stepLength } = state;
    const metadata = { state: JSON.stringify({ value, iterations, stepLength }), history: JSON.stringify(history) };
    await writeTensors(this.#path, { tensors, metadata });
    this.#writtenAt = performance.now();
  }

  async read(onWarning?: (warning: Warning) => void): Promise<FitState | undefined> {
    const kept = await readKeptTensors(this.#path, (problem) =>
      onWarning?.({ message: `The fit begins again, its checkpoint is damaged: ${problem}` }),
    );
    if (kept === undefined) return undefined;
    const { tensors, metadata } = kept;
    const vectors = (name: string) =>
      [...tensors].filter(([key]) => key.startsWith(`${name}-`)).map(([, { data }]) => data);
    const facts = JSON.parse(metadata.state!) as Pick<MinimiserState, 'value' | 'iterations' | 'stepLength'>;
    return {
      state: {
        ...facts,
        point: tensors.get('point')!.data,
        gradient: tensors.get('gradient')!.data,
        steps: vectors('step'),
        changes: vectors('change'),
        isExhausted: false,
      },
      history: JSON.parse(metadata.history!) as EpochRecord[],
    };
  }
}
