import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeSkipped, listPhotographs } from '../../../../lib/model/predict/listing';
import { temporaryFolder } from '../../../support/folders';

const folder = temporaryFolder();

async function put(...files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(folder(), file)), { recursive: true });
    await writeFile(join(folder(), file), 'x');
  }
}

const files = async () => (await listPhotographs(folder())).photographs.map(({ file }) => file);

describe('no photographs', () => {
  test('a folder that is not there, or a file', async () => {
    await expect(listPhotographs(join(folder(), 'x'))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: `The folder ${join(folder(), 'x')} cannot be read: there is none (ENOENT)`,
    });
    await put('a.jpg');
    await expect(listPhotographs(join(folder(), 'a.jpg'))).rejects.toMatchObject({
      message: expect.stringContaining('cannot be read: it is a file (ENOTDIR)'),
    });
  });

  test('what there is instead is named', async () => {
    await put('a.avi', 'b.AVI', 'c.heic');
    await symlink('nowhere', join(folder(), 'link'));
    await expect(listPhotographs(folder())).rejects.toMatchObject({
      message: expect.stringContaining(
        'it or below it; skipped 3: 2 .avi, 1 .heic; link: The link leads nowhere: there is none (ENOENT)',
      ),
    });
  });
});

test('what systems and storage devices leave behind is no photograph, and all that is passed over is counted', async () => {
  await put('a.jpg', '._a.jpg', '.DS_Store', '.Trashes/b.jpg', '$RECYCLE.BIN/c.jpg', 'x/@eaDir/d.jpg/SYNO.jpg');
  await put('.thumbnails/e.jpg', '__MACOSX/._f.jpg', 'System Volume Information/g.jpg', 'x/h.JPEG');
  await put('v.avi', 'w.AVI', 'x.mov', 'notes', 'Thumbs.db');
  const { photographs, skipped, unreadable } = await listPhotographs(folder());
  expect(photographs.map(({ file }) => file)).toEqual(['a.jpg', 'x/h.JPEG']);
  expect(unreadable).toEqual([]);
  expect(describeSkipped(skipped)).toBe(
    'skipped 13: 4 hidden, 2 .avi, 1 $RECYCLE.BIN/, 1 .db, 1 .mov, 1 @eaDir/, 1 System Volume Information/, ' +
      '1 __MACOSX/, 1 without extension',
  );
});

describe('what cannot be read is a line of its own and ends nothing', () => {
  beforeEach(async () => await put('a.jpg'));

  test('a link that leads nowhere', async () => {
    await symlink('nowhere.jpg', join(folder(), 'b.jpg'));
    await symlink('nowhere.mp4', join(folder(), 'video.mp4'));
    expect(await listPhotographs(folder())).toMatchObject({
      photographs: [{ file: 'a.jpg' }],
      unreadable: [{ file: 'b.jpg', reason: 'The link leads nowhere: there is none (ENOENT)' }],
      skipped: [{ kind: '.mp4', count: 1 }],
    });
  });

  test('a link to itself', async () => {
    await symlink('b.jpg', join(folder(), 'b.jpg'));
    expect((await listPhotographs(folder())).unreadable).toEqual([
      { file: 'b.jpg', reason: 'The link leads nowhere: ELOOP' },
    ]);
  });

  test('names that are not UTF-8, told apart', async () => {
    for (const byte of [0xe9, 0xea]) {
      await writeFile(Buffer.concat([Buffer.from(`${folder()}/caf`), Buffer.of(byte), Buffer.from('.jpg')]), 'x');
    }
    const { photographs, unreadable } = await listPhotographs(folder());
    expect(photographs).toHaveLength(1);
    expect(unreadable.map(({ file }) => file).sort()).toEqual(['caf\\xE9.jpg', 'caf\\xEA.jpg']);
    expect(unreadable[0]!.reason).toBe('The name is not UTF-8: rename it');
  });

  test('a folder without permission', async () => {
    await put('locked/b.jpg');
    await chmod(join(folder(), 'locked'), 0);
    const { photographs, unreadable } = await asSomebody(() => listPhotographs(folder()));
    await chmod(join(folder(), 'locked'), 0o755);
    expect(photographs).toHaveLength(1);
    expect(unreadable).toEqual([{ file: 'locked/', reason: 'The folder cannot be read: no permission (EACCES)' }]);
  });
});

describe('links', () => {
  test('to files and folders are followed', async () => {
    await put('elsewhere/a.jpg', 'here/b.jpg');
    await symlink(join(folder(), 'elsewhere'), join(folder(), 'here', 'more'));
    await symlink(join(folder(), 'elsewhere', 'a.jpg'), join(folder(), 'here', 'c.jpg'));
    const { photographs } = await listPhotographs(join(folder(), 'here'));
    expect(photographs.map(({ file }) => file)).toEqual(['b.jpg', 'c.jpg', 'more/a.jpg']);
  });

  test('that lead back, or to a folder that is read anyway, are not', async () => {
    await put('a/b/c.jpg');
    await symlink(folder(), join(folder(), 'a', 'b', 'up'));
    await symlink(join(folder(), 'a', 'b'), join(folder(), '0'));
    expect(await files()).toEqual(['a/b/c.jpg']);
    expect((await listPhotographs(folder())).skipped).toEqual([
      { kind: 'link to a folder that is read anyway', count: 2 },
    ]);
  });
});

/** Root may read everything: where the tests run as root, `work` runs as nobody. */
async function asSomebody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid!() !== 0) return await work();
  await chmod(folder(), 0o755);
  process.seteuid!(65_534);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}
