import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LogTail } from '../../../cli/terminal/logTail';
import { temporaryFolder } from '../../support/folders';

const folder = temporaryFolder();

async function linesOf(tail: LogTail): Promise<string[]> {
  const lines: string[] = [];
  await tail.read((line) => lines.push(line));
  return lines;
}

describe('reading logs', () => {
  it('finds nothing where there is no folder', async () => {
    expect(await linesOf(new LogTail(join(folder(), 'absent')))).toEqual([]);
  });

  it('gives each line once, when it is complete', async () => {
    const file = join(folder(), 'io.log');
    await writeFile(file, 'one\ntwo\nthr');
    const tail = new LogTail(folder());
    expect(await linesOf(tail)).toEqual(['one', 'two']);
    expect(await linesOf(tail)).toEqual([]);
    await appendFile(file, 'ee ä\n');
    expect(await linesOf(tail)).toEqual(['three ä']);
  });

  it('reads lines across the borders of its reads', async () => {
    const long = 'ä'.repeat(700_000);
    await writeFile(join(folder(), 'io.log'), `${long}\n${long}\nend\n`);
    expect((await linesOf(new LogTail(folder()))).map((line) => line.length)).toEqual([700_000, 700_000, 3]);
  });

  it('begins anew with a file that was begun anew', async () => {
    const file = join(folder(), 'io.log');
    await writeFile(file, 'an old line\n');
    const tail = new LogTail(folder());
    await linesOf(tail);
    await writeFile(file, 'new\n');
    expect(await linesOf(tail)).toEqual(['new']);
  });
});
