import type { ArtifactId } from '../contracts/artifact';
import type { WorkOptions } from '../contracts/progress';
import type { PairedDifference } from '../contracts/validation';
import { pairedDifference } from '../model/metrics/paired';
import { readSequences, SEQUENCES_FILE } from '../model/metrics/sequencesFile';
import type { ArtifactStore } from '../store';

/** What the second of two validations of one pick has more than the first, sequence by sequence. */
export async function differenceOf(
  store: Pick<ArtifactStore, 'open'>,
  first: ArtifactId,
  second: ArtifactId,
  work: WorkOptions = {},
): Promise<PairedDifference> {
  const read = async (id: ArtifactId) => readSequences((await store.open(id)).path(SEQUENCES_FILE), work);
  return pairedDifference(await read(first), await read(second));
}
