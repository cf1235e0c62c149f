import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  asDiskError,
  listFiles,
  temporaryPath,
  writeAtomic,
  writeFileAtomic,
  writeStreamAtomic,
} from '../../../lib/io/files';
import { temporaryFolder } from '../../support/folders';

const folder = temporaryFolder();

describe('an atomic write', () => {
  it('leaves nothing behind when the writer fails', async () => {
    const path = join(folder(), 'file');
    const failing = writeAtomic(path, async (temporary) => {
      await writeFile(temporary, 'half');
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(await readdir(folder())).toEqual([]);
  });

  it('leaves the old content when a stream breaks off', async () => {
    const path = join(folder(), 'file');
    await writeFileAtomic(path, 'old');
    const broken = Readable.from(
      (async function* () {
        yield 'new';
        await Promise.resolve();
        throw new Error('connection reset');
      })(),
    );
    await expect(writeStreamAtomic(path, broken)).rejects.toThrow('connection reset');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder())).toEqual(['file']);
  });

  it('creates the folders it needs and replaces what was there', async () => {
    const path = join(folder(), 'a', 'b', 'file');
    await writeFileAtomic(path, 'one');
    await writeStreamAtomic(path, Readable.from(['t', 'wo']));
    expect(await readFile(path, 'utf8')).toBe('two');
  });

  it('lets two writers of the same file both end well', async () => {
    const path = join(folder(), 'file');
    await Promise.all(Array.from({ length: 8 }, () => writeFileAtomic(path, 'same')));
    expect(await readFile(path, 'utf8')).toBe('same');
    expect(await readdir(folder())).toEqual(['file']);
  });
});

describe('asDiskError', () => {
  it('names the file and says what to do when the disk is full', () => {
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
    expect(asDiskError(full, '/data/S1.zip')).toMatchObject({
      code: 'DISK_FULL',
      message: 'No space left while writing /data/S1.zip',
      repair: expect.stringContaining('Free disk space') as string,
    });
  });

  it('leaves other errors as they are', () => {
    const other = Object.assign(new Error('denied'), { code: 'EACCES' });
    expect(asDiskError(other, '/data')).toBe(other);
  });
});

describe('listFiles', () => {
  it('lists in order, with forward slashes, without temporary files and skipped trees', async () => {
    await writeFileAtomic(join(folder(), 'b', 'two'), '');
    await writeFileAtomic(join(folder(), 'a'), '');
    await writeFileAtomic(join(folder(), 'frames', 'x'), '');
    await writeFile(temporaryPath(join(folder(), 'a')), '');
    expect(await listFiles(folder(), ['frames'])).toEqual(['a', 'b/two']);
  });
});
