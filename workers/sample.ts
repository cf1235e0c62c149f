import { join } from 'node:path';
import { serengetiHome } from '../lib/io/home';
import { SAMPLE_OPTIONS, serveFolder, simulateCatalog } from '../simulator';

/** Where the sample seasons lie. */
export function sampleFolder(): string {
  return join(serengetiHome(), 'sample');
}

/** Draws the sample seasons unless they are there, and serves them like a mirror, on the loopback interface. */
export async function runSampleMirror(port: number): Promise<void> {
  const folder = sampleFolder();
  await simulateCatalog(folder, SAMPLE_OPTIONS, {
    onProgress: (progress) => process.stdout.write(`${JSON.stringify(progress)}\n`),
  });
  const server = await serveFolder({ directory: folder, port });
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void server.close());
  }
}
