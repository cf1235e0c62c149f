import { open, readFile } from 'node:fs/promises';
import { isSerengetiError, SerengetiError, type ErrorCode } from '../../../lib/contracts/errors';
import { asRefusal, asSystemError } from '../../../lib/io/systemErrors';
import { temporaryFolder } from '../../support/folders';

const folder = temporaryFolder();

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  return await work().then(
    () => undefined,
    (error: unknown) => error,
  );
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: words of the system, open '/store/a'`), { code, syscall: 'open' });
}

describe('a refusal of the operating system', () => {
  it.each<[string, ErrorCode]>([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EROFS', 'DISK_READ_ONLY'],
    ['EIO', 'DISK_FAILED'],
    ['EACCES', 'ACCESS_DENIED'],
    ['EPERM', 'ACCESS_DENIED'],
    ['EMFILE', 'RESOURCES_EXHAUSTED'],
    ['ENFILE', 'RESOURCES_EXHAUSTED'],
    ['ENOMEM', 'RESOURCES_EXHAUSTED'],
  ])('%s is %s, which a run waits for', (name, code) => {
    expect(asRefusal(systemError(name))).toMatchObject({ code, waits: true });
  });

  it('names the place, which writes through an open file do not', async () => {
    const full = await open('/dev/full', 'w');
    const error = await thrownBy(() => full.writeFile('x'));
    await full.close();
    expect(asRefusal(error, '/store/S1.zip')).toMatchObject({
      code: 'DISK_FULL',
      message: '/store/S1.zip: ENOSPC: no space left on device, write',
      details: { path: '/store/S1.zip' },
    });
  });

  it.each<[string, ErrorCode]>([
    ['IO Error: Could not write file "/store/x": No space left on device', 'DISK_FULL'],
    ["failed to offload data block; the limit was set by the 'max_temp_directory_size' setting", 'DISK_FULL'],
    ['IO Error: Cannot open file "/store/x": Read-only file system', 'DISK_READ_ONLY'],
    ['IO Error: Cannot open file "/store/x": Too many open files', 'RESOURCES_EXHAUSTED'],
    ['IO Error: Could not read from file "/store/x": Input/output error', 'DISK_FAILED'],
  ])('is known by the words of native libraries: %s', (words, code) => {
    expect(asRefusal(new Error(words))).toMatchObject({ code, message: words });
  });

  it('shows through an error that took it for a fault of the file', () => {
    const cause = systemError('EMFILE');
    const misled = new SerengetiError('METADATA_INVALID', 'S1.csv, line 1: the header cannot be read', { cause });
    expect(asRefusal(misled)).toMatchObject({ code: 'RESOURCES_EXHAUSTED', message: misled.message });
  });

  it('stays beneath an error that is waited for anyhow, and says more', () => {
    const cause = systemError('EACCES');
    const forbidden = new SerengetiError('SOURCE_FORBIDDEN', 'file:///mirror/S1.zip: no permission', { cause });
    expect(asRefusal(forbidden)).toBe(forbidden);
  });
});

describe('any other error of the operating system', () => {
  it('stays as it is within the process, and gets a code where it leaves it', async () => {
    const error = await thrownBy(() => readFile(folder()));
    expect(asRefusal(error)).toBe(error);
    expect(asSystemError(error)).toMatchObject({ code: 'SYSTEM_FAILED', retryable: true });
    expect((asSystemError(error) as Error).message).toContain('EISDIR');
  });
});

describe('an error that is not of the system', () => {
  it('stays as it is', () => {
    const bug = new TypeError('undefined is not a function');
    const wrong = new SerengetiError('METADATA_INVALID', 'S1.csv says "Permission denied" in line 7');
    expect([asSystemError(bug), asSystemError(wrong)]).toEqual([bug, wrong]);
    expect(isSerengetiError(asSystemError(bug))).toBe(false);
  });
});
