import { pathToFileURL } from 'node:url';
import type { ArtifactRef } from '../../../lib/contracts/artifact';
import { runInputSchema } from '../../../lib/contracts/runInput';
import type { ValidationSummary } from '../../../lib/contracts/steps';
import type { PairedDifference } from '../../../lib/contracts/validation';
import { Registry, type Candidate } from '../../../lib/registry';
import { openStore } from '../../../lib/store';

/** A registry as another process would open it. */
export function registryIn(folder: string): Registry {
  return new Registry(openStore(pathToFileURL(`${folder}/`).href));
}

export function score(logLoss: number): ValidationSummary {
  return {
    sequences: 90,
    frames: 100,
    accuracy: 0.9,
    top5: 0.99,
    crossEntropy: 0.3,
    logLoss,
    accuracyRange: { low: 0.85, high: 0.94 },
    logLossRange: { low: logLoss * 0.9, high: logLoss * 1.2 },
    sites: 7,
    animalRecall: 0.8,
    macroAveragePrecision: 0.7,
    baselines: { uniform: 0.6, sampledPrior: 0.3, truePrior: 0.2 },
  };
}

/** Of a challenger less the champion, in log loss. */
export function difference(low: number, high: number): PairedDifference {
  const logLoss = { value: (low + high) / 2, low, high };
  return {
    sequences: 90,
    sites: 7,
    logLoss,
    accuracy: { value: 0, low: -0.1, high: 0.1 },
    animalsAmongAsMany: { first: 0.8, second: 0.8 },
  };
}

/** What a run would register; models of different `id` are different models. */
export function candidate(
  id: string,
  { catalog = 'lila', train = ['S1'], validation = ['S2'], logLoss = 0.02 } = {},
): Candidate {
  const reference = <S>(kind: ArtifactRef['kind'], summary: S): ArtifactRef<S> => ({
    kind,
    key: Buffer.from(`${kind}-${id}`).toString('hex').padEnd(64, '0'),
    uri: `file:///store/artifacts/${kind}/${id}/`,
    bytes: 1000,
    summary,
  });
  return {
    catalog,
    run: { workflowId: `run-${id}`, runId: id },
    input: runInputSchema.parse({ catalog }),
    trainSeasons: train,
    validationSeasons: validation,
    artifacts: {
      catalog: reference('catalog', {
        name: catalog,
        seasons: 2,
        classes: 3,
        trainSeasons: train,
        validationSeasons: validation,
        sources: {},
      }),
      pick: reference('pick', {
        trainSequences: 6,
        trainFrames: 6,
        validationSequences: 90,
        validationFrames: 100,
        keptEmpties: 0.1,
        sharedSites: 1,
        shards: [],
      }),
      backbone: reference('backbone', {
        backbone: 'efficientnet-lite0' as const,
        featureWidth: 1280,
        pooling: 'average' as const,
        weightsSha256: '0',
        preprocessing: { width: 384, height: 384, channels: 'RGB' as const, fit: 'stretch' as const },
      }),
      model: {
        ...reference('model', { backbone: 'efficientnet-lite0', classes: 3, epochs: 5, trainFrames: 6, loss: 1 }),
        key: Buffer.from(id).toString('hex').padEnd(64, '0'),
      },
      validation: reference('validation', score(logLoss)),
      submission: reference('submission', { zipBytes: 1, sha256: '0', checked: 'main.mjs ran' }),
      report: reference('report', { title: 'Run' }),
    },
    versions: { serengeti: '0.1.0' },
  };
}
