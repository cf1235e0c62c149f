import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/io/home';
import { readSettings, WORKER_SETTINGS } from '../../workers/settings';

describe('settings', () => {
  it('have defaults for a worker beside an embedded server', () => {
    expect(readSettings({})).toMatchObject({
      store: expect.stringMatching(/^file:\/\/\/.*\/store\/$/) as string,
      ioConcurrency: 4,
      transfers: 4,
      workflowTasks: 40,
      gpuConcurrency: 1,
    });
  });

  it.each(['SERENGETI_IO_CONCURRENCY', 'SERENGETI_TRANSFERS', 'SERENGETI_WORKFLOW_TASKS', 'SERENGETI_GPU_CONCURRENCY'])(
    'refuse a %s that is not a number of things at a time, with its value',
    (name) => {
      for (const value of ['0', '-1', '2.5', 'many']) {
        expect(() => readSettings({ [name]: value })).toThrow(
          `${name} must be a whole number from 1 up, got "${value}"`,
        );
      }
    },
  );

  it('are all in the table of the operations guide, with their flags and defaults', () => {
    const guide = readFileSync(join(projectRoot(), 'docs', 'operations.md'), 'utf8');
    const rows = guide.split('\n').filter((line) => line.startsWith('| `'));
    for (const { variable, flag, fallback } of WORKER_SETTINGS) {
      const row = rows.find((line) => line.includes(`\`${variable}\``)) ?? `no row for ${variable}`;
      expect(row).toContain(`\`${flag}\``);
      expect(row.replaceAll('`', '')).toContain(fallback);
    }
  });
});
