import { resolve } from 'node:path';
import { SerengetiError } from '../lib/contracts/errors';
import { writeStreamAtomic } from '../lib/io/files';
import { openStore, streamOf } from '../lib/store';
import { readSettings } from '../workers/settings';

export interface ReportOptions {
  readonly page: 'report' | 'exploration';
  readonly output?: string;
}

/** `serengeti report`: a page of a run, from wherever the store is. */
export async function fetchReport(run: string, { page, output }: ReportOptions): Promise<void> {
  const store = openStore(readSettings().store);
  const report = (await store.list('report')).find(({ params }) => params.workflowId === run);
  const file = report?.files.find(({ name }) => name === `${page}.html`);
  if (report === undefined || file === undefined) {
    throw new SerengetiError('RUN_UNKNOWN', `The run ${JSON.stringify(run)} has left no ${page}.html in ${store.uri}`);
  }
  const path = resolve(output ?? `${page}.html`);
  await writeStreamAtomic(path, await streamOf(store, report, file));
  process.stdout.write(`${path}\n`);
}
