import { stores } from '../lib/store/object/support';
import { leaveRun, pageServers, REPORT } from './support';

const world = stores();
const serve = pageServers();

describe('pages over a bucket', () => {
  it('lists what is in it, and streams its files', async () => {
    const report = await leaveRun(world.open('pages'), 'a');
    const url = await serve({ store: world.open('pages') });
    const get = async (path: string): Promise<Response> => await fetch(url + path);
    expect(await (await get('/')).text()).toContain(`/artifacts/report/${report.key}/report.html`);
    expect(await (await get(`/artifacts/report/${report.key}/report.html`)).text()).toBe(REPORT);
    const [, submission] = /(\/artifacts\/submission\/\w+\/submission\.zip)/.exec(
      await (await get('/results')).text(),
    )!;
    const bytes = Buffer.from(await (await get(submission!)).arrayBuffer());
    expect(bytes.equals(Buffer.alloc(3_000_000, 'a'))).toBe(true);
  });
});
