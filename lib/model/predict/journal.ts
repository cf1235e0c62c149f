import { createReadStream } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { SerengetiError } from '../../contracts/errors';
import { createFileAtomic, pathExists } from '../../io/files';
import type { PhotographHeader } from './header';
import type { Photograph } from './listing';

/** Its name within the folder of results. */
export const JOURNAL_FILE = 'journal.jsonl';

/** What tells a photograph from all others. */
type Identity = Photograph & Pick<PhotographHeader, 'fingerprint'>;

/** What the network said of a photograph. */
export interface FramePrediction extends Identity {
  /** As they came out: probabilities, or features where these are pooled. Of several looks one after the other. */
  readonly outputs: readonly number[];
  readonly truncated: boolean;
}

/** What a journal belongs to: its first line. */
export interface JournalOwner {
  /** Digest of the model. */
  readonly model: string;
  /** Where the photographs are, links resolved. */
  readonly folder: string;
}

/**
 * What was predicted so far, a line a photograph. Lines are only ever added; one that a crash cut short is not JSON and
 * counts as not written. A photograph that changed since, or another model, is predicted again.
 */
export class Journal {
  readonly #predictions: Map<string, FramePrediction>;
  readonly #file: FileHandle;

  private constructor(predictions: Map<string, FramePrediction>, file: FileHandle) {
    this.#predictions = predictions;
    this.#file = file;
  }

  /**
   * Lines of another model are forgotten.
   *
   * @throws SerengetiError INPUT_INVALID where the journal is of another folder
   */
  static async open(path: string, owner: JournalOwner): Promise<Journal> {
    const known = await readOrBegin(path, owner);
    const file = await open(path, 'a');
    // The line break ends what a crash may have cut short.
    await file.appendFile('\n');
    return new Journal(known, file);
  }

  /** The prediction of a photograph, if it is still the same file. */
  find({ file, bytes, modified, fingerprint }: Identity): FramePrediction | undefined {
    const known = this.#predictions.get(file);
    const isSame = known?.bytes === bytes && known.modified === modified && known.fingerprint === fingerprint;
    return isSame ? known : undefined;
  }

  async add(predictions: readonly FramePrediction[]): Promise<void> {
    for (const prediction of predictions) this.#predictions.set(prediction.file, prediction);
    await this.#file.appendFile(predictions.map((prediction) => `${JSON.stringify(prediction)}\n`).join(''));
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** The folder whose photographs a journal tells of; `undefined` where there is none, or none that says it. */
export async function folderOfJournal(path: string): Promise<string | undefined> {
  if (!(await pathExists(path))) return undefined;
  for await (const line of linesOf(path)) return (parse(line) as Partial<JournalOwner> | undefined)?.folder;
  return undefined;
}

/** Another call on the same folder may begin the journal at the same time: both go on with one. */
async function readOrBegin(path: string, owner: JournalOwner): Promise<Map<string, FramePrediction>> {
  for (;;) {
    await createFileAtomic(path, `${JSON.stringify(owner)}\n`);
    await expectFolder(path, owner.folder);
    const known = await readLines(path, owner);
    if (known !== undefined) return known;
    await rm(path, { force: true });
  }
}

async function expectFolder(path: string, folder: string): Promise<void> {
  const owner = await folderOfJournal(path);
  if (owner === undefined || owner === folder) return;
  throw new SerengetiError(
    'INPUT_INVALID',
    `${dirname(path)} has the predictions for ${owner}; those for ${folder} go into a folder of their own`,
    { details: { path, owner, folder } },
  );
}

/** @returns `undefined` where there is a journal of another model, or none */
async function readLines(path: string, owner: JournalOwner): Promise<Map<string, FramePrediction> | undefined> {
  if (!(await pathExists(path))) return undefined;
  const predictions = new Map<string, FramePrediction>();
  let header: Partial<JournalOwner> | undefined;
  for await (const line of linesOf(path)) {
    const value = parse(line);
    header ??= value as Partial<JournalOwner> | undefined;
    if (header?.model !== owner.model || header.folder !== owner.folder) return undefined;
    if (value !== undefined && 'outputs' in value) predictions.set(value.file, value);
  }
  return header === undefined ? undefined : predictions;
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path), crlfDelay: Infinity });
}

function parse(line: string): FramePrediction | undefined {
  try {
    return JSON.parse(line) as FramePrediction;
  } catch {
    return undefined;
  }
}
