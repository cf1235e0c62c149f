import type { ModelOptions } from '../../contracts/runInput';
import type { StepName } from '../../contracts/steps';
import type { ArtifactStore } from '../../store';
import { sumOf } from '../step';
import { stepList } from '../steps';
import { isFor } from '../steps/prepareBackbone';

/** Artifacts of a kind that a rate is taken from: the latest, for machines and links change. */
const LATEST = 10;

/** Units of work a second, of each step that the store has measured artifacts of. */
export type Rates = Readonly<Partial<Record<StepName, number>>>;

/** How fast the store's own artifacts came about. */
export async function measureRates(store: ArtifactStore, model: ModelOptions): Promise<Rates> {
  const backbones = (await store.list('backbone')).filter(({ params }) => isFor(model, params));
  const keys = new Set(backbones.map(({ key }) => key));
  const rates: Partial<Record<StepName, number>> = {};
  for (const { step, kind, measure } of stepList) {
    if (measure === undefined) continue;
    const measured = (await store.list(kind)).flatMap((manifest) => {
      const work = measure(manifest, keys);
      return work === undefined ? [] : [{ work, seconds: manifest.seconds }];
    });
    const latest = measured.slice(0, LATEST);
    const [work, seconds] = [sumOf(latest, (one) => one.work), sumOf(latest, (one) => one.seconds)];
    if (work > 0 && seconds > 0) rates[step] = work / seconds;
  }
  return rates;
}
