import { ActivityFailure, RetryState, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { troubleOf } from '../../workflows/repair';

function failureOf(activity: string, cause: Error): ActivityFailure {
  return new ActivityFailure('Activity task failed', activity, 'id', RetryState.MAXIMUM_ATTEMPTS_REACHED, 'io', cause);
}

describe('a step whose worker fell silent at every attempt', () => {
  const silence = new TimeoutFailure('Activity task timed out', undefined, TimeoutType.HEARTBEAT);

  it('ends the run where that is reading the catalog', () => {
    expect(troubleOf('catalog', failureOf('readCatalog', silence))).toBeUndefined();
  });

  it('waits for a person to look at the worker', () => {
    expect(troubleOf('train', failureOf('trainHead', silence))).toEqual({
      step: 'train',
      code: 'WORKER_LOST',
      message: expect.stringMatching(/^trainHead: Activity task timed out\. Look at the log of the worker/) as string,
    });
  });
});
