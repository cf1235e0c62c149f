import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { UPDATES, type Standing } from '../../lib/contracts/control';
import { PROGRESS_QUERY, type RunProgress, type RunResult } from '../../lib/contracts/run';
import { command } from '../../runs/command';
import { FullDisk } from './fullDisk';
import { Holding } from './scenarios';
import { standIns, startRun, testServer, withWorkers } from './support';
import { until } from '../support/waiting';

const environment = testServer();

const start = (request: object = {}): Promise<WorkflowHandle> => startRun(environment(), request);

async function progressOf(handle: WorkflowHandle): Promise<RunProgress> {
  return await handle.query<RunProgress>(PROGRESS_QUERY);
}

/** How many children that it did not begin itself a worker awaits for a run. */
async function awaitedBy(handle: WorkflowHandle): Promise<number> {
  const { raw } = await handle.describe();
  const { PENDING_ACTIVITY_STATE_STARTED: STARTED } = temporal.api.enums.v1.PendingActivityState;
  return (raw.pendingActivities ?? []).filter(
    ({ activityId, state }) => activityId?.startsWith('await:') === true && state === STARTED,
  ).length;
}

/** Why an update was refused. */
async function refusalOf(update: Promise<unknown>): Promise<string> {
  const error = await update.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  return ((error as WorkflowUpdateFailedError).cause as Error).message;
}

describe('a run that is paused', () => {
  it('stops what is running, starts nothing, and goes on when it is resumed', async () => {
    const { trainHead } = standIns();
    const held = new Holding(1);
    const activities = standIns({
      trainHead: held.before(trainHead),
    });
    const { paused, later, result } = await withWorkers(environment(), activities, async () => {
      const handle = await start();
      await until(async () => held.begun === 1);
      const standing = await handle.executeUpdate<Standing, []>(UPDATES.pause);
      const progress = await progressOf(handle);
      await handle.executeUpdate(UPDATES.resume);
      return { paused: standing, later: progress, result: (await handle.result()) as RunResult };
    });
    expect(paused.condition).toBe('paused');
    expect(later).toMatchObject({
      condition: 'paused',
      steps: { train: { finished: 0 }, validate: { status: 'waiting' } },
    });
    expect([held.begun, held.ended]).toEqual([2, 1]);
    expect(result.model.kind).toBe('model');
  });

  it('stops its children too, and takes them up again', async () => {
    const { downloadArchive } = standIns();
    const held = new Holding(2);
    const activities = standIns({
      downloadArchive: held.before(downloadArchive),
    });
    const result = await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 11 });
      await until(async () => held.begun === 2);
      const { condition } = await handle.executeUpdate<Standing, []>(UPDATES.pause);
      expect(condition).toBe('paused');
      expect(held.ended).toBe(2);
      expect((await progressOf(handle)).children).toEqual([]);
      await handle.executeUpdate(UPDATES.resume);
      return (await handle.result()) as RunResult;
    });
    expect(held.begun).toBe(4);
    expect(result.bytes.fetched).toBe(4000);
  });

  it('stops the children that it began before it was reset', async () => {
    const { downloadArchive } = standIns();
    const held = new Holding(2);
    const activities = standIns({
      downloadArchive: held.before(downloadArchive),
    });
    await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 14 });
      const { workflowId } = handle;
      await until(async () => held.begun === 2);
      const { events } = await handle.fetchHistory();
      const firstTask = events!.find((event) => event.workflowTaskCompletedEventAttributes != null)!;
      const { connection, options } = environment().client;
      await connection.workflowService.resetWorkflowExecution({
        namespace: options.namespace,
        workflowExecution: { workflowId },
        workflowTaskFinishEventId: firstTask.eventId,
        requestId: 'reset',
      });
      const reset = environment().client.workflow.getHandle(workflowId);
      await until(async () => (await awaitedBy(reset)) === 2);
      const { condition } = await reset.executeUpdate<Standing, []>(UPDATES.pause);
      expect([condition, held.ended]).toEqual(['paused', 2]);
      await reset.executeUpdate(UPDATES.resume);
      await reset.result();
      expect(held.begun).toBe(4);
    });
  });

  it('can be cancelled', async () => {
    const held = new Holding(1);
    const activities = standIns({
      pickFrames: async () => {
        await held.hold();
        throw new Error('not reached');
      },
    });
    const ending = await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 12 });
      await until(async () => held.begun === 1);
      await handle.executeUpdate(UPDATES.pause);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) });
      return (await handle.describe()).status.name;
    });
    expect(ending).toBe('CANCELLED');
  });
});

describe('what makes no sense now', () => {
  it('is refused with the reason, and leaves no trace in the history', async () => {
    const { trainHead } = standIns();
    const held = new Holding(1);
    const activities = standIns({
      trainHead: held.before(trainHead),
    });
    await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 13 });
      await until(async () => held.begun === 1);
      const { client } = environment();
      expect(await refusalOf(handle.executeUpdate(UPDATES.resume))).toContain('not paused');
      await expect(command(client, handle.workflowId, 'resume')).rejects.toMatchObject({ code: 'NOT_NOW' });
      expect(await refusalOf(handle.executeUpdate(UPDATES.retry))).toContain('Nothing waits');
      expect(
        await refusalOf(handle.executeUpdate(UPDATES.setBandwidth, { args: [{ bytesPerSecond: -1, unit: 'MB' }] })),
      ).toMatch(/bytesPerSecond.*\n.*unit/s);
      await handle.executeUpdate(UPDATES.pause);
      expect(await refusalOf(handle.executeUpdate(UPDATES.pause))).toContain('paused already');
      expect(await refusalOf(handle.executeUpdate(UPDATES.retry))).toContain('resume');
      await handle.executeUpdate(UPDATES.resume);
      await handle.result();
      await expect(command(client, handle.workflowId, 'pause')).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
      const { events } = await handle.fetchHistory();
      const accepted = events!.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes != null);
      expect(accepted).toHaveLength(2);
    });
  });
});

describe('a failure that a person must repair', () => {
  it('waits with its reason and goes on at once when told to', async () => {
    const disk = new FullDisk();
    const activities = standIns({ indexSeason: disk.under(standIns().indexSeason) });
    const { waiting, result } = await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 21 });
      const progress = await until(async () => {
        const seen = await progressOf(handle);
        return seen.waiting.length === 2 && seen;
      });
      disk.makeRoom();
      await handle.executeUpdate(UPDATES.retry);
      return { waiting: progress, result: (await handle.result()) as RunResult };
    });
    expect(waiting.condition).toBe('waiting');
    expect(waiting.waiting[0]).toMatchObject({ step: 'index', part: 'index:S1', code: 'DISK_FULL', failures: 1 });
    expect(waiting.waiting[0]!.message).toContain('needs 3 MB more');
    expect(waiting.waiting[0]!.nextAt - waiting.waiting[0]!.since).toBe(60_000);
    expect(result.indexes).toHaveLength(2);
  });

  it('is retried in the children of a run too', async () => {
    const disk = new FullDisk();
    const activities = standIns({ unzipSeason: disk.under(standIns().unzipSeason) });
    await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 22 });
      const children = await until(async () => {
        const { children: ids } = await progressOf(handle);
        const waits = await Promise.all(
          ids.map(async (id) => (await progressOf(environment().client.workflow.getHandle(id))).waiting.length),
        );
        return waits.length === 2 && waits.every((count) => count === 1) && ids;
      });
      expect(children).toHaveLength(2);
      disk.makeRoom();
      await handle.executeUpdate(UPDATES.retry);
      await handle.result();
    });
  });

  it('shows in the details of the run, wherever it is', async () => {
    const disk = new FullDisk();
    const activities = standIns({ downloadArchive: disk.under(standIns().downloadArchive) });
    await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 23 });
      const details = await until(async () => {
        const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
        return currentDetails.includes('DISK') && currentDetails;
      });
      expect(details).toContain('**Waits for a repair**');
      expect(details).toContain('/store needs 3 MB more');
      expect(details).toContain('update `retry`');
      disk.makeRoom();
      await handle.executeUpdate(UPDATES.retry);
      await handle.result();
    });
  });
});

describe('a limit on downloads', () => {
  it('reaches downloads under way and those that begin later', async () => {
    const { downloadArchive, downloadMetadata } = standIns();
    const limits: (number | null | undefined)[] = [];
    const held = new Holding(2);
    const activities = standIns({
      downloadMetadata,
      downloadArchive: async (input) => {
        limits.push(input.bytesPerSecond);
        await held.hold();
        return await downloadArchive(input);
      },
    });
    await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 31 });
      await until(async () => held.begun === 2);
      const standing = await handle.executeUpdate<Standing, [object]>(UPDATES.setBandwidth, {
        args: [{ bytesPerSecond: 2_000_000 }],
      });
      expect(standing.bytesPerSecond).toBe(2_000_000);
      await handle.result();
    });
    expect(limits).toEqual([null, null, 2_000_000, 2_000_000]);
  });
});
