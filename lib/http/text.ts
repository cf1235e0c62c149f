import type { FileFacts, Transport } from './transport';

/**
 * A small text file as a whole.
 *
 * @param most - in bytes; keeps a wrong address (an archive) from being read into memory
 * @returns `undefined` when the file is larger
 * @throws SourceFailure
 */
export async function readText(
  transport: Transport,
  url: string,
  most: number,
  { pinned, signal }: { readonly pinned?: FileFacts; readonly signal?: AbortSignal | undefined } = {},
): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const collect = (chunk: Uint8Array): boolean => {
    chunks.push(chunk);
    bytes += chunk.length;
    return bytes <= most;
  };
  await transport.read(url, pinned === undefined ? {} : { pinned }, collect, signal);
  return bytes <= most ? Buffer.concat(chunks).toString('utf8') : undefined;
}
