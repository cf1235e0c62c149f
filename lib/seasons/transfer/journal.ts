import { checkedLine, textOfLine } from '../../io/checkedLine';
import { readFileIfThere, writeFileAtomic } from '../../io/files';
import type { MirrorCopy, SourceFile } from '../mirrors/source';
import { sameFile } from '../../http/transport';

/**
 * What is noted down beside a partial file: first a line of JSON that says what file it is, then lines on blocks:
 * `+12:3` says that blocks 12, 13 and 14 are on disk, `?12:<boot>` that block 12 was written, which holds until the
 * machine stops. Lines are only ever appended, by any process that works on the file. Each ends with a check, so that one
 * that was cut off, that lost a bit, or that a power cut left behind says nothing and costs a few blocks.
 */
export interface JournalHead {
  readonly path: string;
  readonly bytes: number;
  readonly blockBytes: number;
  readonly at: readonly MirrorCopy[];
}

export interface Journal {
  readonly head: JournalHead;
  readonly isDone: (block: number) => boolean;
}

export async function startJournal(path: string, file: SourceFile, blockBytes: number): Promise<Journal> {
  const head: JournalHead = { path: file.path, bytes: file.bytes, blockBytes, at: file.at };
  await writeFileAtomic(path, `${checkedLine(JSON.stringify(head))}\n`);
  return { head, isDone: () => false };
}

/**
 * @param boot - since when what was written is there; see `BOOT`
 * @returns `undefined` where there is no journal, or none that can be understood
 */
export async function readJournal(path: string, boot: string): Promise<Journal | undefined> {
  const text = await readFileIfThere(path);
  if (text === undefined) return undefined;
  const [first, ...lines] = text.split('\n').map(textOfLine);
  if (first === undefined) return undefined;
  const head = JSON.parse(first) as JournalHead;
  const done = new Uint8Array(Math.ceil(head.bytes / head.blockBytes));
  for (const line of lines) {
    if (line === undefined) continue;
    const onDisk = /^\+(\d+):(\d+)$/.exec(line);
    if (onDisk !== null) done.fill(1, Number(onDisk[1]), Number(onDisk[1]) + Number(onDisk[2]));
    const written = /^\?(\d+):(.+)$/.exec(line);
    if (written?.[2] === boot) done[Number(written[1])] = 1;
  }
  return { head, isDone: (block) => done[block] === 1 };
}

/** A line that says that a block was written, by a process of this start of the machine. */
export function writtenLine(block: number, boot: string): string {
  return `\n${checkedLine(`?${block}:${boot}`)}\n`;
}

/** Lines that say that these blocks are on disk. Begins with a line break: an earlier line may have been cut off. */
export function commitLines(blocks: readonly number[]): string {
  const sorted = [...blocks].sort((a, b) => a - b);
  let lines = '';
  for (let i = 0; i < sorted.length;) {
    const first = i;
    while (i < sorted.length && sorted[i] === sorted[first]! + i - first) i++;
    lines += `\n${checkedLine(`+${sorted[first]}:${i - first}`)}`;
  }
  return `${lines}\n`;
}

/** Whether what was begun is the file that the mirrors have now. Mirrors that only one side knows have no say. */
export function isSameSource(head: JournalHead, file: SourceFile): boolean {
  if (head.bytes !== file.bytes) return false;
  return file.at.every((copy) => {
    const before = head.at.find(({ mirror }) => mirror === copy.mirror);
    return before === undefined || sameFile(before, copy);
  });
}
