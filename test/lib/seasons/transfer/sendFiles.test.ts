import { probe, sendFiles } from '../../../../lib/seasons';
import { artifactId, type Recipe } from '../../../../lib/store';
import { temporaryFolder } from '../../../support/folders';
import { stores } from '../../store/object/support';
import { mirror, QUICK, randomFile, servers } from '../support/served';

const folder = temporaryFolder();
const { start } = servers();
const world = stores();
const recipe: Recipe = { kind: 'archive', step: 'downloadArchive', version: 1, params: {}, inputs: [] };
const id = artifactId(recipe);
const record = { ...recipe, summary: {}, seconds: 1 };
/** Three parts. */
const BYTES = 20 << 20;

describe('a file that goes from its mirror into a bucket', () => {
  it('arrives whole, although a mirror breaks off', async () => {
    const data = await randomFile(folder(), 'S1.zip', BYTES);
    const [steady, faulty] = [await start({ directory: folder() }), await start({ directory: folder() })];
    const mirrors = [mirror('faulty', faulty), mirror('steady', steady)];
    const file = await probe(mirrors, 'S1.zip', { policy: QUICK });
    faulty.setFaults([{ path: /S1\.zip$/, resetAfter: 1_000_000 }]);
    const store = world.open('send-whole');
    const draft = await store.draft(id);
    const send = (name: string, bytes: number) => draft.send!(`files/${name}`, bytes);
    const sent = await sendFiles({ mirrors, files: [file], send }, { policy: QUICK });
    expect(sent).toEqual({ bytes: BYTES, fetchedBytes: BYTES, reusedBytes: 0, files: ['S1.zip'] });
    await draft.commit(record);
    const stored = await store.openRemote(id, 'files/S1.zip');
    expect((await stored.read(0, BYTES)).equals(data)).toBe(true);
  });

  it('goes on, on another host, with the parts that are there', async () => {
    const data = await randomFile(folder(), 'S2.zip', BYTES);
    const server = await start({ directory: folder() });
    const mirrors = [mirror('only', server)];
    const file = await probe(mirrors, 'S2.zip', { policy: QUICK });
    const stop = new AbortController();
    const first = await world.open('send-resume').draft(id);
    const stopped = sendFiles(
      { mirrors, files: [file], send: (name, bytes) => first.send!(`files/${name}`, bytes) },
      {
        policy: QUICK,
        connections: 1,
        signal: stop.signal,
        onProgress: ({ done }) => {
          if (done >= 8 << 20) stop.abort(new Error('killed'));
        },
      },
    );
    await expect(stopped).rejects.toThrow('killed');

    const store = world.open('send-resume');
    const second = await store.draft(id);
    const send = (name: string, bytes: number) => second.send!(`files/${name}`, bytes);
    const sent = await sendFiles({ mirrors, files: [file], send }, { policy: QUICK });
    expect(sent.reusedBytes).toBe(8 << 20);
    expect(sent.fetchedBytes).toBe(12 << 20);
    await second.commit(record);
    const stored = await store.openRemote(id, 'files/S2.zip');
    expect((await stored.read(0, BYTES)).equals(data)).toBe(true);
    expect(await sendFiles({ mirrors, files: [file], send }, { policy: QUICK })).toMatchObject({ fetchedBytes: 0 });
  });

  it('leaves a mirror that is far slower than another one', async () => {
    const data = await randomFile(folder(), 'S4.zip', 4 * BYTES);
    const slow = await start({ directory: folder(), faults: [{ path: /S4\.zip$/, rate: 64 << 10 }] });
    const fast = await start({ directory: folder(), faults: [{ path: /S4\.zip$/, rate: 8 << 20 }] });
    const mirrors = [mirror('slow', slow), mirror('fast', fast)];
    const file = await probe(mirrors, 'S4.zip', { policy: QUICK });
    const store = world.open('send-slow');
    const draft = await store.draft(id);
    const send = (name: string, bytes: number) => draft.send!(`files/${name}`, bytes);
    await sendFiles({ mirrors, files: [file], send }, { policy: QUICK, connections: 4 });
    // One part alone would take the slow mirror two minutes.
    expect(slow.bytesSent()).toBeLessThan(4 << 20);
    await draft.commit(record);
    const stored = await store.openRemote(id, 'files/S4.zip');
    expect((await stored.read(0, 4 * BYTES)).equals(data)).toBe(true);
  });

  it('comes from a mirror that knows no ranges, and again from the first byte where that breaks off', async () => {
    const data = await randomFile(folder(), 'S5.zip', BYTES);
    const faults = [{ path: /S5\.zip$/, noRanges: true, after: 2, times: 1, resetAfter: 9 << 20 }];
    const mirrors = [mirror('whole', await start({ directory: folder(), faults }))];
    const file = await probe(mirrors, 'S5.zip', { policy: QUICK });
    const store = world.open('send-unranged');
    const draft = await store.draft(id);
    const send = (name: string, bytes: number) => draft.send!(`files/${name}`, bytes);
    const sent = await sendFiles({ mirrors, files: [file], send }, { policy: QUICK });
    expect(sent).toMatchObject({ bytes: BYTES, reusedBytes: 0 });
    await draft.commit(record);
    const stored = await store.openRemote(id, 'files/S5.zip');
    expect((await stored.read(0, BYTES)).equals(data)).toBe(true);
  });

  it('is given up when its mirrors are, and says what each of them said', async () => {
    await randomFile(folder(), 'S3.zip', 1000);
    const server = await start({ directory: folder() });
    const mirrors = [mirror('only', server)];
    const file = await probe(mirrors, 'S3.zip', { policy: QUICK });
    server.setFaults([{ path: /S3\.zip$/, status: 403 }]);
    const draft = await world.open('send-refused').draft(id);
    const send = (name: string, bytes: number) => draft.send!(`files/${name}`, bytes);
    await expect(sendFiles({ mirrors, files: [file], send }, { policy: QUICK })).rejects.toMatchObject({
      code: 'SOURCE_FORBIDDEN',
      message: expect.stringContaining('403'),
    });
  });
});
