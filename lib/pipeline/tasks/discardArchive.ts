import { SerengetiError } from '../../contracts/errors';
import type { ArchiveRef, FramesRef } from '../../contracts/steps';
import { task } from '../task';

/**
 * Removes archives whose frames were all extracted and checked. Where an entry was rejected they stay: what is wrong
 * with it can then still be looked into.
 *
 * @returns whether they were removed
 */
export const discardArchiveTask = task({
  name: 'discardArchive',
  async run(
    { store },
    { archive, frames }: { readonly archive: ArchiveRef; readonly frames: FramesRef },
    { onWarning },
  ): Promise<boolean> {
    const { form, rejected, season } = frames.summary;
    if (form === 'archived') {
      onWarning({ message: `The archives of season ${season} are kept: its frames are read from them` });
      return false;
    }
    if (form !== 'extracted' || (await store.find(frames)) === undefined) {
      throw new SerengetiError(
        'ARTIFACT_MISSING',
        `The frames of season ${season} are not extracted; its archives stay`,
      );
    }
    if (rejected > 0) {
      onWarning({ message: `The archives of season ${season} are kept: ${rejected} entries of them are rejected` });
      return false;
    }
    await store.remove(archive);
    return true;
  },
});
