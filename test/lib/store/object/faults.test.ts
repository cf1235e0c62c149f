import { randomBytes } from 'node:crypto';
import { artifactId, type CommitRecord, type Recipe } from '../../../../lib/store';
import { writeFileAtomic } from '../../../../lib/io/files';
import { refusal } from '../../../support/faultyLink';
import { stores } from './support';

const world = stores();
const recipe: Recipe = { kind: 'model', step: 'trainHead', version: 1, params: {}, inputs: [] };
const id = artifactId(recipe);
const record: CommitRecord<{ epochs: number }> = { ...recipe, summary: { epochs: 2 }, seconds: 1.5 };
/** Six parts, of which four are on their way at a time. */
const LARGE = randomBytes(44 << 20);

describe('a server that is killed', () => {
  it('in the middle of an upload gets only the parts that it lacks when it is back', async () => {
    const store = world.open('killed', { host: 'killed', overLink: true, environment: { AWS_MAX_ATTEMPTS: '1' } });
    const draft = await store.draft(id);
    await writeFileAtomic(draft.path('head.bin'), LARGE);
    let parts = 0;
    world.link.fault = async ({ url }) => {
      if (url.includes('partNumber') && ++parts === 6) await world.server.kill();
      return undefined;
    };
    await expect(draft.commit(record)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE', retryable: true });
    expect(
      await world
        .open('killed', { environment: { AWS_MAX_ATTEMPTS: '1' } })
        .find(id)
        .catch(String),
    ).toMatch(/STORE|ECONNREFUSED|Could not read/);

    await world.server.restart();
    world.link.passed.length = 0;
    await draft.release();
    await (await store.draft(id)).commit(record);
    const sent = world.link.passed.filter(({ url }) => url.includes('partNumber'));
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length).toBeLessThan(6);
    const file = await world.open('killed').openRemote(id, 'head.bin');
    expect((await file.read(0, LARGE.length)).equals(LARGE)).toBe(true);
  });
});

describe('a link that breaks', () => {
  it('in the middle of an object is asked for the rest', async () => {
    const draft = await world.open('broken').draft(id);
    await writeFileAtomic(draft.path('head.bin'), LARGE);
    await draft.commit(record);
    let cuts = 0;
    world.link.fault = ({ method, url }) =>
      method === 'GET' && url.includes('head.bin') && cuts++ < 3 ? { cutAfter: 3_000_000 } : undefined;
    const file = await world.open('broken', { overLink: true }).openRemote(id, 'head.bin');
    expect((await file.read(0, LARGE.length)).equals(LARGE)).toBe(true);
    expect(cuts).toBe(4);
  });

  it('before every byte is given up after a few tries', async () => {
    const draft = await world.open('dead').draft(id);
    await writeFileAtomic(draft.path('head.bin'), 'weights');
    await draft.commit(record);
    world.link.fault = ({ url }) => (url.includes('head.bin') ? { cutAfter: 0 } : undefined);
    const store = world.open('dead', { overLink: true });
    await expect(store.open(id)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE', retryable: true });
    expect(world.link.passed.filter(({ url }) => url.includes('head.bin')).length).toBeLessThan(40);
  });

  it('does not outlive a cancellation', async () => {
    const draft = await world.open('cancel').draft(id);
    await writeFileAtomic(draft.path('head.bin'), LARGE);
    const stop = new AbortController();
    const reason = new Error('enough');
    const commit = draft.commit(record, { signal: stop.signal, onProgress: () => stop.abort(reason) });
    await expect(commit).rejects.toBe(reason);
    expect(await world.open('cancel').find(id)).toBeUndefined();
  });
});

describe('a server that is busy', () => {
  it('is asked again, a bounded number of times', async () => {
    let refused = 0;
    world.link.fault = () => (refused++ < 3 ? refusal(503, 'SlowDown') : undefined);
    expect(await world.open('busy', { overLink: true }).find(id)).toBeUndefined();
    expect(refused).toBe(4);
  });

  it('for good is an error that a later attempt may mend', async () => {
    world.link.fault = () => refusal(503, 'SlowDown');
    const environment = { AWS_MAX_ATTEMPTS: '3' };
    await expect(world.open('busy', { overLink: true, environment }).find(id)).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      retryable: true,
      message: expect.stringContaining('after 3 attempts: SlowDown (SlowDown, HTTP 503)'),
    });
    expect(world.link.passed).toHaveLength(3);
  });
});

describe('a store that will not work however often it is asked', () => {
  it('because of a secret that is wrong', async () => {
    const store = world.open('secret', { environment: { AWS_SECRET_ACCESS_KEY: 'wrong' } });
    await expect(store.check()).rejects.toMatchObject({
      code: 'STORE_FORBIDDEN',
      retryable: false,
      message: expect.stringContaining('SignatureDoesNotMatch'),
    });
  });

  it('because of a key that nobody has', async () => {
    const store = world.open('key', { environment: { AWS_ACCESS_KEY_ID: 'nobody' } });
    await expect(store.find(id)).rejects.toMatchObject({ code: 'STORE_FORBIDDEN', retryable: false });
  });

  it('because nobody may read it without credentials', async () => {
    const store = world.open('anonymous', { environment: { SERENGETI_S3_ANONYMOUS: '1' } });
    await expect(store.find(id)).rejects.toMatchObject({ code: 'STORE_FORBIDDEN' });
  });

  it('because there is no such bucket', async () => {
    const store = world.open('x', { bucket: 'no-such-bucket' });
    const expected = {
      code: 'STORE_MISSING',
      retryable: false,
      message: expect.stringContaining('s3://no-such-bucket/x/'),
    };
    await expect(store.check()).rejects.toMatchObject(expected);
    await expect(store.find(id)).rejects.toMatchObject(expected);
    const draft = await store.draft(id);
    await writeFileAtomic(draft.path('head.bin'), 'weights');
    await expect(draft.commit(record)).rejects.toMatchObject(expected);
  });

  it('because no server is there', async () => {
    const environment = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '2' };
    await expect(world.open('nowhere', { environment }).check()).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      retryable: true,
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('a clock', () => {
  it('that is two hours fast is set by the server', async () => {
    const now = Date.now;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 2 * 3_600_000);
    try {
      const store = world.open('clock');
      const draft = await store.draft(id);
      await writeFileAtomic(draft.path('head.bin'), 'weights');
      await draft.commit(record);
      expect(clock).toHaveBeenCalled();
    } finally {
      clock.mockRestore();
    }
    expect(await world.open('clock').find(id)).toBeDefined();
  });
});
