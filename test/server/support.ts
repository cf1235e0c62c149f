import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import type { ArtifactRef } from '../../lib/contracts/artifact';
import { Registry } from '../../lib/registry';
import { produce, type ArtifactStore } from '../../lib/store';
import { createPageServer, type PageServerOptions } from '../../server';
import { candidate } from '../lib/registry/support';

/** A name that does harm where it becomes part of a page unquoted. */
export const HOSTILE = `<script>harmed=1</script><img src=x onerror=harmed=1>'"&`;

export const REPORT = '<!doctype html><title>Report</title><p id="who"></p><script>who.textContent = origin</script>';

/** What a run leaves: its pages, its submission, its model in the registry. */
export async function leaveRun(store: ArtifactStore, id: string, catalog = 'lila'): Promise<ArtifactRef<object>> {
  const base = candidate(id, { catalog });
  const { ref: report } = await produce(store, {
    recipe: { kind: 'report', step: 'writeReport', version: 2, params: { ...base.run }, inputs: [] },
    work: async (draft) => {
      await writeFile(draft.path('report.html'), REPORT);
      await writeFile(draft.path('sequences.csv'), 'sequence\nS1#a\n');
      return { title: id };
    },
  });
  const { ref: submission } = await produce(store, {
    recipe: { kind: 'submission', step: 'packageSubmission', version: 1, params: { id }, inputs: [] },
    work: async (draft) => {
      await writeFile(draft.path('submission.zip'), Buffer.alloc(3_000_000, id));
      return base.artifacts.submission.summary;
    },
  });
  const artifacts = { ...base.artifacts, report: { ...base.artifacts.report, ...report }, submission };
  await new Registry(store).register({ ...base, artifacts });
  return report;
}

/** Servers of pages for a test, closed after it. */
export function pageServers(): (options: PageServerOptions) => Promise<string> {
  const running: ReturnType<typeof createPageServer>[] = [];
  afterEach(() => {
    for (const server of running.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });
  return async (options) => {
    const server = createPageServer(options);
    running.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
}
