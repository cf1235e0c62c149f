import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeValidationReport, type ValidationReport } from '../../../../lib/report';
import type { Progress } from '../../../../lib/contracts/progress';
import { photograph } from '../../submission/support/colourModel';
import { imaginedCard, imaginedCounts, imaginedHistory, imaginedRun, imaginedValidation } from '../support/validation';

let folder: string;
let photo: Buffer;

beforeAll(async () => {
  photo = await photograph('zebra');
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serengeti-report-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function report(change: Partial<ValidationReport> = {}): ValidationReport {
  const result = imaginedValidation({ classes: ['empty', 'topi', 'zebra'], sequences: 200, sites: 6, examples: 4 });
  return {
    result,
    history: imaginedHistory(3),
    counts: imaginedCounts(result),
    card: imaginedCard(result),
    run: imaginedRun(),
    thumbnail: async () => photo,
    sequences: 'sequences.csv',
    file: join(folder, 'report.html'),
    ...change,
  };
}

test('leaves nothing behind when it is stopped', async () => {
  const controller = new AbortController();
  const work = { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) };
  await expect(writeValidationReport(report(), work)).rejects.toThrow('enough');
  expect(await readdir(folder)).toEqual([]);
});

test('fails with the reader’s error, and leaves nothing behind', async () => {
  const thumbnail = async () => {
    throw new Error('the archive is gone');
  };
  await expect(writeValidationReport(report({ thumbnail }))).rejects.toThrow('the archive is gone');
  expect(await readdir(folder)).toEqual([]);
});

test('tells how far it is', async () => {
  const seen: Progress[] = [];
  await writeValidationReport(report(), { onProgress: (progress) => seen.push(progress) });
  expect(seen.at(-1)).toMatchObject({ done: 12, total: 12 });
});

test('is one page that refers to nothing outside itself but the table of sequences', async () => {
  await writeValidationReport(report());
  const page = await readFile(join(folder, 'report.html'), 'utf8');
  expect(page).not.toMatch(/<(link|iframe|object|embed|script[^>]+src)\b/i);
  expect(page).not.toMatch(/(src|href)="(?!data:|#|sequences.csv")/);
  expect(page).toMatch(/Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;sha256-/);
});

test('says what everybody has to know first: cautions, intervals, baselines', async () => {
  const { result } = report();
  await writeValidationReport(report());
  const page = await readFile(join(folder, 'report.html'), 'utf8');
  for (const caution of result.cautions) expect(page).toContain(caution);
  expect(page).toContain('95 %: 0.0117 to 0.0146');
  expect(page).toContain('0.0051');
  expect(page.indexOf('Before you believe these figures')).toBeLessThan(page.indexOf('id="score"'));
});
