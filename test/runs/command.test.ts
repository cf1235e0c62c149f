import { WorkflowUpdateRPCTimeoutOrCancelledError, type Client } from '@temporalio/client';
import { command } from '../../runs/command';

/** Waiting for a run without workers ends after a minute; this client's has passed. */
const UNANSWERED = {
  withDeadline: (_deadline: number, ask: () => Promise<unknown>) => ask(),
  workflow: {
    getHandle: () => ({
      executeUpdate: () => Promise.reject(new WorkflowUpdateRPCTimeoutOrCancelledError('Deadline exceeded')),
    }),
  },
} as unknown as Client;

it('a command that nobody answers says that no worker did', async () => {
  await expect(command(UNANSWERED, 'run', 'pause')).rejects.toMatchObject({
    code: 'WORKER_ABSENT',
    message: expect.stringContaining('No worker answered for the run run within 60 s') as string,
  });
});
