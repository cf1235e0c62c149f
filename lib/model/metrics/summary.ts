import type { ValidationSummary } from '../../contracts/steps';
import type { ValidationResult } from '../../contracts/validation';

/** The figures of a validation that travel with its reference. */
export function summaryOf(result: ValidationResult): ValidationSummary {
  const { sequences, frames, sites, accuracy, top5, crossEntropy, logLoss, blank } = result;
  const { macroAveragePrecision, baselines } = result;
  return {
    sequences,
    frames,
    sites,
    accuracy: accuracy.value,
    accuracyRange: { low: accuracy.low, high: accuracy.high },
    top5: top5.value,
    crossEntropy: crossEntropy.value,
    logLoss: logLoss.value,
    logLossRange: { low: logLoss.low, high: logLoss.high },
    ...(blank.recall && { animalRecall: blank.recall.value }),
    macroAveragePrecision,
    baselines,
  };
}
