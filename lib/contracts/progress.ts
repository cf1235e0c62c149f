/** How far a step is: what heartbeats carry, the terminal draws and the workflow's query returns. */
export interface Progress {
  /** Units finished so far, those of earlier attempts included. */
  readonly done: number;
  /** Units in all; absent while unknown. */
  readonly total?: number;
  readonly unit: 'bytes' | 'entries' | 'rows' | 'frames' | 'epochs' | 'steps';
  /** Units that were already there when this attempt began: resumed or reused, not done again. */
  readonly reused?: number;
  /** What is happening now, in a few words: a mirror, a file, a loss. */
  readonly note?: string;
}

/** What every long function of `lib/` takes: it can be stopped, tells how far it is, and can be called again. */
export interface WorkOptions {
  /** Aborts the work; finished parts stay, the promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
  /** Called as often as the work likes; the receiver throttles. */
  readonly onProgress?: (progress: Progress) => void;
  /** Receives what a person should know although the work goes on (a skipped row, a slow mirror). */
  readonly onWarning?: (warning: Warning) => void;
  /** Receives what is worth a line in the log, and no more. */
  readonly onNote?: (note: Note) => void;
}

/** Something worth knowing that did not stop the work. */
export type Warning = Note;

export interface Note {
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}
