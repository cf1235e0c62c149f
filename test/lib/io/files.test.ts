import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  listFiles,
  makeFolder,
  temporaryPath,
  writeAtomic,
  writeFileAtomic,
  writeStreamAtomic,
} from '../../../lib/io/files';
import { temporaryFolder } from '../../support/folders';

const folder = temporaryFolder();

jest.mock('node:fs/promises', () => {
  const real = jest.requireActual<typeof import('node:fs/promises')>('node:fs/promises');
  return { ...real, mkdir: jest.fn(real.mkdir) };
});

afterEach(() => {
  jest
    .mocked(mkdir)
    .mockImplementation(jest.requireActual<typeof import('node:fs/promises')>('node:fs/promises').mkdir);
});

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

describe('makeFolder', () => {
  it('says that the file system is read-only, and not that the folder is missing', async () => {
    // What Node and Linux do on one.
    jest.mocked(mkdir).mockImplementation((path, options) => {
      const [code, at] = (options as { recursive?: boolean } | undefined)?.recursive
        ? ['ENOENT', join(folder(), 'a')]
        : ['EROFS', String(path)];
      return Promise.reject(Object.assign(new Error(`${code}: mkdir '${at}'`), { code, path: at }));
    });
    await expect(makeFolder(join(folder(), 'a', 'b'))).rejects.toMatchObject({
      code: 'DISK_READ_ONLY',
      details: { path: join(folder(), 'a', 'b') },
    });
  });

  it('leaves a folder that is there as it is', async () => {
    await writeFileAtomic(join(folder(), 'a', 'b'), '');
    await makeFolder(join(folder(), 'a'));
    expect(await readdir(join(folder(), 'a'))).toEqual(['b']);
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
