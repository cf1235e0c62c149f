import { SerengetiError, isSerengetiError } from '../../../lib/contracts/errors';
import { toCloneable, fromCloneable } from '../../../lib/io/cloneableError';

/** What arrives in another thread. */
const sent = (error: unknown): Error => fromCloneable(structuredClone(toCloneable(error)));

describe('an error from another thread or process', () => {
  test('keeps code, message and details', () => {
    const full = new SerengetiError('DISK_FULL', 'No space left while writing /data/a.JPG', {
      details: { path: '/data/a.JPG' },
      cause: Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }),
    });
    const arrived = sent(full);
    expect(isSerengetiError(arrived)).toBe(true);
    expect(arrived).toMatchObject({
      code: 'DISK_FULL',
      message: 'No space left while writing /data/a.JPG',
      details: { path: '/data/a.JPG' },
      waits: true,
    });
  });

  test("has a code where it was the system's", () => {
    const denied = Object.assign(new Error("EACCES: permission denied, open '/data'"), { code: 'EACCES' });
    expect(sent(denied)).toMatchObject({ code: 'ACCESS_DENIED', message: "EACCES: permission denied, open '/data'" });
  });

  test('has no code where there was none', () => {
    expect(sent(new TypeError('x is not a function'))).toMatchObject({ message: 'x is not a function' });
  });

  test('keeps where it was thrown', () => {
    const bug = new TypeError('x is not a function');
    expect(sent(bug).stack).toBe(bug.stack);
  });
});
