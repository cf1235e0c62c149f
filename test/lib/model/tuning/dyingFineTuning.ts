import promises = require('node:fs/promises');

import { fineTune } from '../../../../lib/model/tuning';
import { StripedSeasons } from './stripedSeasons';

export interface Death {
  /** Folder of features and drafts. */
  readonly folder: string;
  readonly draft: string;
  /** In the very call that reads this photograph, counted over all epochs. */
  readonly atPhotograph?: number;
  /** In the very call that would make a file of this name appear, the n-th time. */
  readonly beforeFile?: { readonly name: string; readonly time: number };
  /** Before what is finished, and in its place, is committed. */
  readonly whenFinished?: boolean;
}

/** Fine-tunes in a process of its own, and kills itself where it is told to, without warning. */
async function main({ folder, draft, atPhotograph, beforeFile, whenFinished }: Death): Promise<void> {
  const seasons = await StripedSeasons.draw(folder);
  const input = await seasons.input(draft, { patience: 9 });
  let photographs = 0;
  const readFrame: typeof input.readFrame = (season, fileName) => {
    if (++photographs === atPhotograph) die();
    return seasons.readFrame(season, fileName);
  };
  const { rename } = promises;
  let times = 0;
  promises.rename = async (from, to) => {
    if (beforeFile !== undefined && String(to).endsWith(beforeFile.name) && ++times === beforeFile.time) die();
    await rename(from, to);
  };
  await fineTune({ ...input, readFrame });
  if (whenFinished === true) die();
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

void main(JSON.parse(process.argv[2]!) as Death);
