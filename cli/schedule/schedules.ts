import { basename } from 'node:path';
import type { Client } from '@temporalio/client';
import type { RetrainRequest } from '../../lib/contracts/retrain';
import { lookNow, putSchedule, readSchedules, withSchedule, type Timing } from '../../runs/schedules';
import { digestOf } from '../../lib/store';
import { formatMinute } from '../../lib/contracts/format';
import { withClient } from '../client';
import { renderTable } from '../terminal/table';

export interface CreateScheduleOptions {
  readonly catalog: string;
  readonly every: string;
  readonly cron?: string;
  readonly heldOut: 'fixed' | 'newest';
  readonly seasons?: readonly string[];
  readonly count?: number;
  readonly settle?: number;
  readonly id?: string;
}

/** `serengeti schedule create` */
export async function createSchedule(options: CreateScheduleOptions): Promise<void> {
  const { catalog, every, cron, settle } = options;
  const id = options.id ?? scheduleIdOf(catalog);
  const timing: Timing = cron === undefined ? { every } : { cron };
  const request: RetrainRequest = {
    catalog,
    heldOut: heldOut(options),
    ...(settle === undefined ? {} : { settleSeconds: settle }),
  };
  await withClient(async ({ client }) => {
    const created = await putSchedule(client, id, timing, request);
    process.stdout.write(
      `${id}: ${created ? 'created' : 'changed'}, looks for new seasons of ${catalog} ${cron ?? `every ${every}`}\n` +
        `Look now with: npm run serengeti -- schedule trigger ${id}\n`,
    );
  });
}

/** Files of the same name in different places have schedules of their own. */
export function scheduleIdOf(catalog: string): string {
  const name = basename(catalog).replace(/\.json$/, '');
  return name === catalog ? `retrain-${name}` : `retrain-${name}-${digestOf(catalog).slice(0, 6)}`;
}

/** As it was said: the schema says what does not fit together. */
function heldOut({ heldOut: policy, seasons, count }: CreateScheduleOptions): RetrainRequest['heldOut'] {
  return {
    policy,
    ...(seasons === undefined ? {} : { seasons: [...seasons] }),
    ...(count === undefined ? {} : { count }),
  };
}

/** `serengeti schedule list` */
export async function listSchedules(): Promise<void> {
  await withClient(async ({ client }) => {
    const schedules = await readSchedules(client);
    if (schedules.length === 0) {
      process.stdout.write('No schedules. Create one with: npm run serengeti -- schedule create --catalog …\n');
      return;
    }
    const rows = schedules.map(({ id, paused, note, next, last, outcome }) => [
      id,
      paused ? `paused${note === '' ? '' : ` (${note})`}` : `next ${minute(next)}`,
      minute(last),
      outcome,
    ]);
    process.stdout.write(renderTable(['schedule', 'state', 'last look', 'what came of it'], rows));
  });
}

/** `serengeti schedule pause` */
export async function pauseSchedule(id: string, { note }: { readonly note?: string }): Promise<void> {
  await change(id, 'paused', (handle) => handle.pause(note));
}

/** `serengeti schedule resume` */
export async function resumeSchedule(id: string, { note }: { readonly note?: string }): Promise<void> {
  await change(id, 'goes on', (handle) => handle.unpause(note));
}

/** `serengeti schedule trigger` */
export async function triggerSchedule(id: string): Promise<void> {
  await withClient(async ({ client }) => {
    const running = await lookNow(client, id);
    const said = running === undefined ? 'looks now' : `is looking already (${running})`;
    process.stdout.write(`${id}: ${said}; \`serengeti schedule list\` says what comes of it\n`);
  });
}

/** `serengeti schedule delete` */
export async function deleteSchedule(id: string): Promise<void> {
  await change(id, 'deleted', (handle) => handle.delete());
}

async function change(
  id: string,
  said: string,
  act: (handle: ReturnType<Client['schedule']['getHandle']>) => Promise<unknown>,
): Promise<void> {
  await withClient(async ({ client }) => {
    await withSchedule(client, id, act);
    process.stdout.write(`${id}: ${said}\n`);
  });
}

function minute(date: Date | undefined): string {
  return date === undefined ? '–' : formatMinute(date);
}
