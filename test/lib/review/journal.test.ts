import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReviewJournal } from '../../../lib/review';
import type { ReviewRecord } from '../../../lib/review/mark';
import { temporaryFolder } from '../../support/folders';

const folder = temporaryFolder();
const path = (): string => join(folder(), 'reviews.jsonl');
const zebra = (sequence: string, by = 'Ana') => ({ sequence, by, labels: ['zebra'] });

async function opened(): Promise<{ journal: ReviewJournal; records: ReviewRecord[] }> {
  const records: ReviewRecord[] = [];
  const journal = await ReviewJournal.open(path(), (record) => records.push(record));
  return { journal, records };
}

async function sequencesNow(): Promise<string[]> {
  const { journal, records } = await opened();
  await journal.close();
  return records.map(({ sequence }) => sequence);
}

/** Lets a process mark sequences, kills it after so many acknowledged ones, and says which these were. */
async function killedAfter(count: number, by: string): Promise<string[]> {
  const hook = join(__dirname, '..', '..', 'support', 'typescript.cjs');
  const child = spawn(process.execPath, ['-r', hook, join(__dirname, 'markProgram.ts'), path(), by], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (text.split('\n').length > count) child.kill('SIGKILL');
  });
  await ended;
  return text.split('\n').slice(0, -1);
}

describe('the journal of marks', () => {
  test('a folder where nothing can be written is named', async () => {
    await writeFile(join(folder(), 'file'), '');
    await expect(ReviewJournal.open(join(folder(), 'file', 'reviews.jsonl'), () => undefined)).rejects.toThrow('file');
  });

  test.each([
    ['a line cut off', '{"sequence":"b","by":"An'],
    ['zeros of a power cut', '\0\0\0\0'],
    ['a foreign line', 'hello\n'],
    ['a mark without a name', '{"sequence":"b","by":" ","labels":[],"at":"2024-05-01T06:00:00Z"}\n'],
  ])('%s costs only itself, also when it is gone on with', async (_what, text) => {
    const before = await opened();
    await before.journal.append(zebra('a'));
    await before.journal.close();
    await appendFile(path(), text);
    const { journal, records } = await opened();
    await journal.append(zebra('c'));
    expect(records.map(({ sequence }) => sequence)).toEqual(['a', 'c']);
    expect(journal.unreadable).toBe(1);
    await journal.close();
    expect(await sequencesNow()).toEqual(['a', 'c']);
  });

  test('a mark that cannot be written is not acknowledged', async () => {
    const { journal, records } = await opened();
    await journal.close();
    await expect(journal.append(zebra('a'))).rejects.toThrow();
    expect(records).toEqual([]);
  });

  test('nothing acknowledged is lost when its process is killed, and the next goes on', async () => {
    const first = await killedAfter(20, 'Ana');
    const second = await killedAfter(20, 'Ben');
    expect(first.length).toBeGreaterThanOrEqual(20);
    const kept = new Set(await sequencesNow());
    expect([...first, ...second].filter((sequence) => !kept.has(sequence))).toEqual([]);
  });

  test('two processes see what the other one has added', async () => {
    const [ana, ben] = [await opened(), await opened()];
    await ana.journal.append(zebra('a'));
    await ben.journal.append(zebra('b', 'Ben'));
    await ana.journal.refresh();
    expect([ana.records, ben.records].map((records) => records.map(({ by }) => by))).toEqual([
      ['Ana', 'Ben'],
      ['Ana', 'Ben'],
    ]);
    await ana.journal.close();
    await ben.journal.close();
  });

  test('marks are in the file before they are acknowledged, with their time', async () => {
    const { journal } = await opened();
    const { at } = await journal.append({ sequence: 'a', by: 'Ana', labels: null });
    expect(await readFile(path(), 'utf8')).toBe(`${JSON.stringify({ sequence: 'a', by: 'Ana', labels: null, at })}\n`);
    await journal.close();
  });
});
