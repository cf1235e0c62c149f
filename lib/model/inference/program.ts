import { isSerengetiError } from '../../contracts/errors';
import { Network } from './network';
import type { Reply, Request } from './protocol';

/** The program of an inference process: one network at a time, and its rows on request. */
let network: Network | undefined;

process.on('message', (request: Request) => {
  void answer(request).then((reply) => process.send!(reply));
});
process.on('disconnect', () => process.exit());
// A terminal's Ctrl-C reaches all its processes. The one that asks decides what is still finished.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

async function answer(request: Request): Promise<Reply> {
  try {
    if ('run' in request) return { rows: network!.run(request.run) };
    const { directory, form, batchSize } = request.load;
    network?.dispose();
    network = undefined; // so that loading in vain leaves nothing behind
    network = await Network.load(directory, form, batchSize);
    return { loaded: { device: network.device, width: network.width, batchSize: network.batchSize } };
  } catch (error) {
    if (isSerengetiError(error)) return { error: { code: error.code, message: error.message, details: error.details } };
    return { error: { message: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
  }
}
