import type { ArtifactKind, Manifest } from '../../contracts/artifact';
import type { ArtifactStore } from '../../store';

/** Artifacts of a kind that a rate is taken from: the latest, for machines and links change. */
const LATEST = 10;

/** Units of work a second, for each step whose artifacts the store has some of. */
export interface Rates {
  readonly downloadBytes: number | undefined;
  readonly unzipBytes: number | undefined;
  readonly indexFrames: number | undefined;
  readonly pickFrames: number | undefined;
  readonly featureFrames: number | undefined;
  /** Frames and epochs. */
  readonly trainFrameEpochs: number | undefined;
  readonly validateFrames: number | undefined;
  readonly packages: number | undefined;
}

/** How fast the store's own artifacts came about. */
export async function measureRates(store: ArtifactStore, backbone: string): Promise<Rates> {
  const count =
    (name: string) =>
    ({ summary }: Manifest) =>
      Number(summary[name] ?? 0);
  const rate = (kind: ArtifactKind, amount: (manifest: Manifest) => number, fits?: (manifest: Manifest) => boolean) =>
    rateOf(store, kind, amount, fits);
  const ofBackbone = await keysOfBackbone(store, backbone);
  return {
    downloadBytes: await rate('archive', ({ bytes }) => bytes),
    unzipBytes: await rate('frames', count('frameBytes'), ({ step }) => step === 'unzipSeason'),
    indexFrames: await rate('index', count('frames')),
    pickFrames: await rate('pick', (manifest) => count('trainFrames')(manifest) + count('validationFrames')(manifest)),
    featureFrames: await rate(
      'features',
      (manifest) => count('frames')(manifest) - count('reused')(manifest),
      ({ inputs }) => inputs.some(({ key }) => ofBackbone.has(key)),
    ),
    trainFrameEpochs: await rate('model', (manifest) => count('trainFrames')(manifest) * count('epochs')(manifest)),
    validateFrames: await rate('validation', count('frames')),
    packages: await rate('submission', () => 1),
  };
}

async function keysOfBackbone(store: ArtifactStore, backbone: string): Promise<ReadonlySet<string>> {
  const manifests = await store.list('backbone');
  return new Set(manifests.filter(({ params }) => params.backbone === backbone).map(({ key }) => key));
}

/** `undefined` while nothing of the kind took any time. */
async function rateOf(
  store: ArtifactStore,
  kind: ArtifactKind,
  amount: (manifest: Manifest) => number,
  fits: (manifest: Manifest) => boolean = () => true,
): Promise<number | undefined> {
  const latest = (await store.list(kind)).filter(fits).slice(0, LATEST);
  const seconds = latest.reduce((sum, manifest) => sum + manifest.seconds, 0);
  const units = latest.reduce((sum, manifest) => sum + amount(manifest), 0);
  return seconds > 0 && units > 0 ? units / seconds : undefined;
}
