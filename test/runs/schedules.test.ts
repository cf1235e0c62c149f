import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Connection, type ScheduleDescription } from '@temporalio/client';
import { lookNow, putSchedule, readSchedules, withSchedule, type ScheduleView } from '../../runs/schedules';
import { freePort } from '../../workers/ports';
import { Supervised } from '../../workers/supervisor';
import { connectWhenReady, temporalServer } from '../../workers/temporalServer';
import { until } from '../support/waiting';

/** A server on a database file of its own, which is there again after an outage. */
let folder: string;
let ports: readonly [number, number];
let server: Supervised;
let connection: Connection;
let client: Client;

async function startServer(): Promise<void> {
  server = new Supervised(
    temporalServer({
      port: ports[0],
      uiPort: ports[1],
      databaseFile: join(folder, 'temporal.db'),
      logFile: join(folder, 'temporal.log'),
    }),
  );
  connection = await connectWhenReady(`127.0.0.1:${ports[0]}`);
  client = new Client({ connection });
}

async function stopServer(): Promise<void> {
  await connection.close();
  await server.stop();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serengeti-schedules-'));
  ports = [await freePort(0), await freePort(0)];
  await startServer();
});

afterAll(async () => {
  await stopServer();
  await rm(folder, { recursive: true, force: true });
});

/** The server lists schedules a moment after they changed. */
async function listed(
  id: string,
  fits: (view: ScheduleView | undefined) => boolean,
): Promise<ScheduleView | undefined> {
  for (;;) {
    const view = (await readSchedules(client)).find((schedule) => schedule.id === id);
    if (fits(view)) return view;
    await sleep(100);
  }
}

async function startedBy(id: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query: `TemporalScheduledById = "${id}"` }))
    ids.push(workflowId);
  return ids.sort();
}

async function infoOf(id: string): Promise<ScheduleDescription['info']> {
  return (await client.schedule.getHandle(id).describe()).info;
}

describe('a schedule', () => {
  it('is refused with what is wrong with it', async () => {
    await expect(putSchedule(client, 'a', { every: 'daily' }, {})).rejects.toThrow(
      'A time such as 6h, 1d or 7d is expected, got "daily".',
    );
    for (const cron of ['at noon', '99 3 * * *']) {
      await expect(putSchedule(client, 'a', { cron }, {})).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message: expect.stringContaining(`The time "${cron}" is refused: `) as string,
      });
    }
    await expect(putSchedule(client, 'a', { every: '1d' }, { settleSeconds: -1 })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    expect(await readSchedules(client)).toEqual([]);
  });

  it('is listed with its next look, and changed by creating it again', async () => {
    expect(await putSchedule(client, 'lila', { every: '1d' }, { catalog: 'lila' })).toBe(true);
    const view = await listed('lila', (schedule) => schedule?.next !== undefined);
    expect(view).toMatchObject({ paused: false, last: undefined, outcome: '' });
    expect(await putSchedule(client, 'lila', { cron: '0 3 * * *' }, { catalog: 'lila' })).toBe(false);
    const { spec, action, policies } = await client.schedule.getHandle('lila').describe();
    expect(spec.calendars).toHaveLength(1);
    expect(policies).toMatchObject({ overlap: 'SKIP' });
    expect(action).toMatchObject({ workflowType: 'retrainOnNewSeasons', args: [{ catalog: 'lila' }] });
  });

  it('that is paused stays so when it is changed, until it is resumed', async () => {
    await putSchedule(client, 'paused', { every: '1d' }, {});
    await withSchedule(client, 'paused', (handle) => handle.pause('Holiday'));
    await putSchedule(client, 'paused', { every: '2d' }, {});
    expect(await listed('paused', (view) => view?.paused === true)).toMatchObject({ note: 'Holiday', next: undefined });
    await withSchedule(client, 'paused', (handle) => handle.unpause());
    expect(await listed('paused', (view) => view?.paused === false)).toMatchObject({ paused: false });
  });

  it('that is not there is an error in words', async () => {
    await expect(withSchedule(client, 'nobody', (handle) => handle.trigger())).rejects.toMatchObject({
      code: 'SCHEDULE_UNKNOWN',
      message: 'There is no schedule "nobody".',
    });
  });

  it('skips a look while the one before is going on', async () => {
    await putSchedule(client, 'often', { every: '1s' }, {});
    // No worker takes it: the first look goes on for ever.
    await until(async () => (await infoOf('often')).numActionsSkippedOverlap >= 2);
    expect(await startedBy('often')).toHaveLength(1);
    expect((await listed('often', (view) => view?.last !== undefined))?.outcome).toBe('running');
    expect(await lookNow(client, 'often')).toBe((await startedBy('often'))[0]);
    await withSchedule(client, 'often', (handle) => handle.delete());
    expect(await listed('often', (view) => view === undefined)).toBeUndefined();
  });

  it('is listed though the server no longer has its last look', async () => {
    await putSchedule(client, 'old', { every: '365d' }, {});
    expect(await lookNow(client, 'old')).toBeUndefined();
    await until(async () => (await startedBy('old')).length === 1);
    const [workflowId] = await startedBy('old');
    await client.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: workflowId! },
    });
    const view = await listed('old', (schedule) => schedule?.outcome.startsWith('longer') === true);
    expect(view?.outcome).toBe('longer ago than the server keeps');
  });

  it('makes up for the looks of an outage by one', async () => {
    await putSchedule(client, 'outage', { every: '4s' }, {});
    await endLooks('outage', (looks) => looks.length > 0);
    // The next look is due in more than three seconds: none begins while the server stops.
    const [, , third] = (await infoOf('outage')).nextActionTimes;
    await stopServer();
    await sleep(third!.getTime() - Date.now());
    const up = Date.now();
    await startServer();
    await endLooks('outage', (looks) => looks.some((due) => due > up));
    const missed = (await looksOf('outage')).filter((due) => due > third!.getTime() - 9_000 && due < up);
    expect(missed).toHaveLength(1);
  });
});

/** When a schedule's looks were due: the ids end with the time. */
async function looksOf(id: string): Promise<number[]> {
  return (await startedBy(id)).map((workflowId) => Date.parse(workflowId.slice(id.length + 1)));
}

const ended = new Set<string>();

/** Ends every look of a schedule as soon as it has begun, because nothing is new, until these are all that is waited for. */
async function endLooks(id: string, enough: (looks: readonly number[]) => boolean): Promise<void> {
  await until(async () => {
    for (const workflowId of await startedBy(id)) {
      if (ended.has(workflowId)) continue;
      ended.add(workflowId);
      await client.workflow.getHandle(workflowId).terminate('Nothing new.');
    }
    return enough(await looksOf(id));
  });
}
