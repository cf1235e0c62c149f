import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Runtime } from '@temporalio/worker';
import { installTelemetry } from '../../workers/telemetry';

afterEach(async () => {
  delete process.env.SERENGETI_METRICS_ADDRESS;
  jest.restoreAllMocks();
  await Runtime.instance().shutdown();
});

describe('a worker whose port for figures is taken', () => {
  it('works without figures, and says which port and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    process.env.SERENGETI_METRICS_ADDRESS = address;
    const logged = new Promise<string>((resolve) => {
      jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
        resolve(String(text));
        return true;
      });
    });
    installTelemetry();
    other.close();
    expect(JSON.parse(await logged)).toMatchObject({
      level: 'WARN',
      message: expect.stringMatching(
        /^No figures are served at 127\.0\.0\.1:\d+: .*Address already in use.*\. Free it, or set SERENGETI_METRICS_ADDRESS/,
      ),
    });
  });
});
