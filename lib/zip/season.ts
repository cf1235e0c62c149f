import type { WorkOptions } from '../contracts/progress';
import { readDirectory, type Directory } from './directory';
import type { RangeReader } from './reader';
import type { RejectedEntry } from './table';

/** The archives of a season, their directories read and made to fit together. */
export interface SeasonDirectory {
  readonly archives: readonly { readonly reader: RangeReader; readonly directory: Directory }[];
  readonly rejected: readonly RejectedEntry[];
}

/** Reads the directories of a season's archives; a name may occur in one of them only, and not as a folder's too. */
export async function readSeasonDirectory(
  readers: readonly RangeReader[],
  work: WorkOptions = {},
): Promise<SeasonDirectory> {
  const directories: Directory[] = [];
  for (const reader of readers) directories.push(await readDirectory(reader, work));
  const rejected = directories.flatMap((directory) => directory.rejected);
  const folders = foldersOf(directories);
  const seen = directories.length > 1 ? new Set<string>() : undefined;
  const archives = directories.map((directory, k) => {
    const dropped = new Map<number, string>();
    for (let i = 0; i < directory.entries.length; i++) {
      const name = directory.entries.name(i);
      if (folders.has(name)) dropped.set(i, 'is at the same time a folder that other entries are in');
      else if (seen?.has(name) === true) dropped.set(i, 'has the name of an entry of an archive before it');
      else seen?.add(name);
    }
    for (const [i, reason] of dropped) rejected.push(rejection(directory, i, reason));
    const entries = dropped.size === 0 ? directory.entries : directory.entries.without(new Set(dropped.keys()));
    return { reader: readers[k]!, directory: { ...directory, entries } };
  });
  return { archives, rejected };
}

/** All folders that entries lie in. Neighbours share theirs as a rule, so most entries cost one comparison. */
function foldersOf(directories: readonly Directory[]): Set<string> {
  const folders = new Set<string>();
  for (const { entries } of directories) {
    let last = '';
    for (let i = 0; i < entries.length; i++) {
      let folder = parentOf(entries.name(i));
      if (folder === last) continue;
      last = folder;
      for (; folder !== '' && !folders.has(folder); folder = parentOf(folder)) folders.add(folder);
    }
  }
  return folders;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function rejection(directory: Directory, i: number, reason: string): RejectedEntry {
  const { entries, archive } = directory;
  return { name: entries.name(i), archive, code: 'ARCHIVE_HOSTILE', reason, byte: entries.offsets[i]! };
}
