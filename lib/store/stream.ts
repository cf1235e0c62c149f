import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ArtifactFile, ArtifactId } from '../contracts/artifact';
import { SerengetiError } from '../contracts/errors';
import type { ArtifactStore, RangedFile } from './store';

const BYTES_AT_ONCE = 1 << 20;

/**
 * A file of an artifact as a stream, checked by its digest: one that is damaged breaks off before its end. Where the store
 * is a bucket it comes from there piece by piece, and no copy is made.
 *
 * @throws SerengetiError ARTIFACT_MISSING, ARTIFACT_CORRUPT
 */
export async function streamOf(store: ArtifactStore, id: ArtifactId, file: ArtifactFile): Promise<Readable> {
  if (store.openRemote === undefined) return createReadStream((await store.open(id)).path(file.name));
  return Readable.from(pieces(await store.openRemote(id, file.name), file), { objectMode: false });
}

async function* pieces(remote: RangedFile, { name, bytes, sha256 }: ArtifactFile): AsyncGenerator<Buffer> {
  try {
    const hash = createHash('sha256');
    for (let start = 0; start < bytes; start += BYTES_AT_ONCE) {
      const piece = await remote.read(start, Math.min(BYTES_AT_ONCE, bytes - start));
      hash.update(piece);
      const isLast = start + piece.length === bytes;
      if (isLast && sha256 !== undefined && hash.digest('hex') !== sha256) {
        throw new SerengetiError(
          'ARTIFACT_CORRUPT',
          `${name} is not the file of its manifest: its SHA-256 is another.`,
        );
      }
      yield piece;
    }
  } finally {
    await remote.close();
  }
}
