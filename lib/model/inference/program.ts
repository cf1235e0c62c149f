import { readSync, writeSync } from 'node:fs';
import { toCloneable } from '../../io/cloneableError';
import { Network } from './network';
import { head, LENGTHS_BYTES, lengthsOf, REPLIES_FD, REQUESTS_FD, type Reply, type Request } from './protocol';

interface Answer {
  readonly reply: Reply;
  readonly body?: Float32Array;
}

/** The program of an inference process: one network at a time, and its rows on request, until nobody can ask any more. */
async function main(): Promise<void> {
  // A terminal's Ctrl-C reaches all its processes. The one that asks decides what is still finished.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  const inference = new Inference();
  for (let lengths = read(LENGTHS_BYTES); lengths !== undefined; lengths = read(LENGTHS_BYTES)) {
    const { jsonBytes, bodyBytes } = lengthsOf(lengths);
    const request = read(jsonBytes);
    const body = read(bodyBytes);
    if (request === undefined || body === undefined) return;
    const { reply, body: rows = new Float32Array() } = await inference.answer(
      JSON.parse(request.toString()) as Request,
      body,
    );
    write(head(reply, rows.byteLength));
    write(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
  }
}

class Inference {
  #network: Network | undefined;

  async answer(request: Request, body: Uint8Array): Promise<Answer> {
    try {
      if ('run' in request) return { reply: { ran: true }, body: this.#network!.run(body, request.run) };
      const { directory, form, batchSize } = request.load;
      this.#network?.dispose();
      this.#network = undefined; // so that loading in vain leaves nothing behind
      const network = (this.#network = await Network.load(directory, form, batchSize));
      return { reply: { loaded: { device: network.device, width: network.width, batchSize: network.batchSize } } };
    } catch (error) {
      return { reply: { error: toCloneable(error) } };
    }
  }
}

/** @returns `undefined` when the other side has ended */
function read(bytes: number): Buffer | undefined {
  const buffer = Buffer.allocUnsafeSlow(bytes);
  for (let done = 0; done < bytes;) {
    const count = readSync(REQUESTS_FD, buffer, done, bytes - done, null);
    if (count === 0) return undefined;
    done += count;
  }
  return buffer;
}

function write(bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(REPLIES_FD, bytes, done);
}

void main().then(() => process.exit());
