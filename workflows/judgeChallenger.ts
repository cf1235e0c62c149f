import { ActivityFailure, ChildWorkflowFailure, isCancellation, log, rootCause } from '@temporalio/workflow';
import type { Judgement } from '../lib/contracts/judgement';
import type { RegisteredModel, Settlement } from '../lib/contracts/registry';
import type { Control } from './control';
import { lostArtifact } from './lostArtifact';
import { scoreChampion } from './scoreChampion';

/** Sets a new model against the champion of its catalog until one of them has won against the one that is champion then. */
export async function judgeChallenger(control: Control, name: string): Promise<Judgement> {
  for (let round = 1; ; round++) {
    const pairing = await control.run(
      'pairChallenger',
      { id: `pair:${round}`, summary: `${name} against the champion` },
      { challenger: name },
    );
    if (pairing.settled !== undefined) return judgementOf(pairing.settled);
    const { challenger, champion, obstacle } = pairing;
    const result = obstacle === undefined ? await scored(control, challenger, champion, round) : { obstacle };
    // Not booked: the next run that makes the model tries again.
    if ('failure' in result) return { outcome: 'kept', reason: result.failure, champion: champion.name };
    const settled = await control.run(
      'settleChallenger',
      { id: `settle:${round}`, summary: `${name} or ${champion.name}` },
      { challenger: name, champion: champion.name, result },
    );
    if (settled != null) return judgementOf(settled);
  }
}

/** A run that has made its model has ended well, whatever keeps the champion from being scored. */
async function scored(
  control: Control,
  challenger: RegisteredModel,
  champion: RegisteredModel,
  round: number,
): Promise<{ championValidation: Awaited<ReturnType<typeof scoreChampion>> } | { failure: string }> {
  try {
    const championValidation = await control.attempt({ step: 'validate', part: `champion:${round}` }, () =>
      scoreChampion(champion, challenger, round),
    );
    return { championValidation };
  } catch (error) {
    const failed = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure;
    if (!failed || isCancellation(error) || lostArtifact(error) !== undefined) throw error;
    log.warn('The champion could not be scored', { champion: champion.name, error });
    return { failure: `${champion.name} could not be scored on the same frames: ${rootCause(error)}` };
  }
}

function judgementOf(settled: Settlement): Judgement {
  const { reason, comparison } = settled;
  const logLoss = comparison && {
    challenger: comparison.challengerScore.logLoss,
    champion: comparison.championScore.logLoss,
  };
  return {
    ...('model' in settled
      ? { outcome: 'promoted', champion: settled.model }
      : { outcome: 'kept', champion: settled.champion }),
    reason,
    ...(logLoss === undefined ? {} : { logLoss }),
  };
}
