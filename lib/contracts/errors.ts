import { withoutSecrets } from './secrets';

/**
 * Every error the product reports, in one table.
 *
 * - `retry`: can the same call succeed later without anybody changing anything? Temporal retries only those.
 * - `repair`: what the user should do. The message of each error adds the value and its place (file, line, entry, byte).
 * - `waits`: a person repairs this outside the run, which says so and waits for it instead of failing. Trying again in
 *   silence would hide it.
 *
 * Codes are stable: logs, dashboards and scripts match on them. Add, never rename.
 */
export const ERRORS = {
  // Input of a run
  INPUT_INVALID: { retry: false, repair: 'Correct the listed fields of the run input and start again.' },
  CATALOG_INVALID: { retry: false, repair: 'Correct the catalog file; docs/own-data.md describes its form.' },
  CATALOG_MISSING: {
    retry: false,
    repair: 'Name a catalog file that is there; `serengeti catalog FOLDER` writes one for a folder of seasons.',
  },
  CATALOG_UNREACHABLE: { retry: true, repair: 'Check the path or address of the catalog.' },
  SEASON_UNKNOWN: { retry: false, repair: 'Name seasons that the catalog has; `serengeti seasons` lists them.' },

  // The system
  SCHEDULE_UNKNOWN: { retry: false, repair: '`serengeti schedule list` shows the schedules that there are.' },
  SERVER_UNREACHABLE: { retry: true, repair: 'Bring one up with `npm start`, or set TEMPORAL_ADDRESS.' },
  NOT_NOW: { retry: false, repair: 'See how the run stands with `serengeti status`.' },
  RUN_UNKNOWN: { retry: false, repair: 'Name a run that is there; `serengeti status` lists them.' },
  WORKER_ABSENT: { retry: true, repair: 'Start one with `npm run serengeti -- worker io`, and look at its log.' },
  WORKER_LOST: {
    retry: true,
    repair: 'Look at the log of the worker: it ended or fell silent at this step each time.',
  },
  WORKER_STOPPED: { retry: true, repair: 'The step goes on with the next worker; there is nothing to do.' },
  WORKER_OUTDATED: {
    retry: true,
    waits: true,
    repair: 'Bring all workers of the queue to the version of the one that took the run; the step waits for one.',
  },
  PART_PAUSED: { retry: false, waits: true, repair: '`serengeti resume` goes on with it.' },
  ALREADY_UP: { retry: false, repair: 'Use it with `npm run serengeti -- run`, or stop it first.' },

  // Sources: mirrors and files
  SOURCE_UNREACHABLE: {
    retry: true,
    repair: 'Check the network and the mirror; the download goes on where it stopped.',
  },
  SOURCE_MISSING: { retry: false, repair: 'Correct the path in the catalog: no mirror has this file.' },
  SOURCE_FORBIDDEN: { retry: false, waits: true, repair: 'Check the credentials or the permissions of the source.' },
  SOURCE_CHANGED: { retry: true, repair: 'The upstream file was replaced; it is fetched anew on the next attempt.' },
  SOURCE_CORRUPT: {
    retry: true,
    repair: 'The source sent other bytes than it announced; another attempt or mirror may help.',
  },
  SOURCE_UNSUITABLE: {
    retry: false,
    repair:
      'Download the whole archives (`"frameSource": "archives"`), or name a folder of loose frames in the catalog.',
  },

  // The operating system
  DISK_FULL: { retry: true, waits: true, repair: 'Free disk space in the store; the step goes on where it stopped.' },
  DISK_READ_ONLY: {
    retry: false,
    waits: true,
    repair: 'Mount the file system for writing. The system itself stops writing to a disk with faults: see its log.',
  },
  DISK_FAILED: {
    retry: true,
    waits: true,
    repair: 'Look at the log of the system: a disk, or the network that leads to it, has failed.',
  },
  ACCESS_DENIED: {
    retry: false,
    waits: true,
    repair: 'Give the user of this process the right to it; a step goes on where it stopped.',
  },
  RESOURCES_EXHAUSTED: {
    retry: true,
    waits: true,
    repair:
      'Raise what the system grants the worker (open files: `ulimit -n`; memory; processes), or lower ' +
      'SERENGETI_IO_CONCURRENCY.',
  },
  SYSTEM_FAILED: { retry: true, repair: 'See what the error of the operating system says of the named place.' },

  // Archives
  ARCHIVE_INVALID: {
    retry: false,
    waits: true,
    repair: 'The archive is damaged or not a zip; fetch it again or replace it upstream.',
  },
  ARCHIVE_HOSTILE: { retry: false, repair: 'The archive tries to do harm; do not use it.' },
  ARCHIVE_UNSUPPORTED: { retry: false, repair: 'Repack the archive with plain stored or deflated entries.' },
  ENTRY_CORRUPT: { retry: false, waits: true, repair: 'Fetch the archive again; the entry does not match its CRC-32.' },

  FRAME_MISSING: { retry: false, repair: 'Check that the file name belongs to this season and its archives.' },

  // Metadata and picking
  INDEX_MISSING: {
    retry: false,
    repair:
      'Run the pipeline on these seasons first: it makes their tables on the way, and `serengeti explore` reads them.',
  },
  METADATA_INVALID: { retry: false, repair: 'Correct the metadata at the given place.' },
  METADATA_INCONSISTENT: {
    retry: false,
    repair: 'Metadata and archive do not belong together; check the season in the catalog.',
  },
  CLASS_UNKNOWN: { retry: false, repair: 'Add the class to the catalog, or map it with `classMapping`.' },
  PICK_EMPTY: { retry: false, repair: 'Loosen the options of `frames`: nothing is left to train or validate on.' },

  // Model
  MODEL_RUNTIME_MISSING: {
    retry: false,
    waits: true,
    repair: 'Run `npm run setup`: TensorFlow is not prepared for this clone.',
  },
  INFERENCE_LOST: {
    retry: true,
    repair: 'TensorFlow crashed or was killed, mostly because memory ran out; what was computed is kept.',
  },
  WEIGHTS_UNREACHABLE: { retry: true, repair: 'Download the weights by hand and name the file in `model.weights`.' },
  WEIGHTS_INVALID: { retry: false, repair: 'Use the weights file that belongs to this backbone.' },
  MODEL_MISSING: {
    retry: false,
    repair: 'Train one with `npm run serengeti -- run`, or name a model folder or a submission.zip with `--model`.',
  },
  MODEL_INVALID: { retry: false, repair: 'The model is damaged or its parts disagree; train or package it again.' },
  FRAME_UNREADABLE: { retry: false, repair: 'The photograph cannot be decoded; it is left out and listed.' },
  TRAINING_DIVERGED: { retry: false, repair: 'The loss is not a number; lower `training.learningRate`.' },
  OUTPUT_FORBIDDEN: { retry: false, repair: 'Name a folder that can be written to with `--output`.' },
  SUBMISSION_INVALID: { retry: false, repair: 'The submission does not match the format file; see the message.' },

  // Store
  ARTIFACT_MISSING: { retry: false, repair: 'The artifact was removed; start the run again and it is made anew.' },
  ARTIFACT_CORRUPT: { retry: false, repair: 'Start the run again: it makes anew what was set aside.' },
  STORE_UNREACHABLE: {
    retry: true,
    repair: 'Check the address of the store and the network; the step goes on by itself.',
  },
  STORE_FORBIDDEN: {
    retry: false,
    waits: true,
    repair: 'Check the credentials of the store, what they allow, and the clock of this machine.',
  },
  STORE_MISSING: { retry: false, waits: true, repair: 'Create the bucket, or correct SERENGETI_STORE and AWS_REGION.' },
  STORE_UNSUPPORTED: { retry: false, repair: 'Use a file:// or s3:// store.' },

  // Model registry
  MODEL_UNKNOWN: { retry: false, repair: '`serengeti models list` shows the models that there are.' },
  CHAMPION_MISSING: { retry: false, repair: 'Train a model of the catalog first, or promote one.' },
  REGISTRY_INVALID: {
    retry: false,
    repair:
      'Restore that file from a copy of the store. Without one, move the folder `journals/registry` away: models are ' +
      'registered again when their runs are started again.',
  },
  REGISTRY_BUSY: { retry: true, repair: 'Others write to the registry all the time; try again.' },

  // Simulator
  FOLDER_NOT_SERVED: { retry: true, repair: 'Check that the folder exists and that the port is free.' },
} as const satisfies Record<string, { retry: boolean; waits?: true; repair: string }>;

export type ErrorCode = keyof typeof ERRORS;

/**
 * The one error type of the product: a stable code, a message with value and place, and what to do. Messages and facts end
 * in logs, so addresses lose what gives access.
 */
export class SerengetiError extends Error {
  readonly code: ErrorCode;
  /** Structured facts for logs: file, line, byte, entry, url, status… Never a secret. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(withoutSecrets(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SerengetiError';
    this.code = code;
    this.details = Object.fromEntries(
      Object.entries(options.details ?? {}).map(([name, fact]) => [
        name,
        typeof fact === 'string' ? withoutSecrets(fact) : fact,
      ]),
    );
  }

  /** Whether the same call can succeed later without anybody changing anything. */
  get retryable(): boolean {
    return ERRORS[this.code].retry;
  }

  /** Whether a run waits for a person's repair instead of failing. */
  get waits(): boolean {
    return isWaitedFor(this.code);
  }

  /** What the user should do, in a sentence. */
  get repair(): string {
    return ERRORS[this.code].repair;
  }
}

export function isErrorCode(text: string | null | undefined): text is ErrorCode {
  return text != null && text in ERRORS;
}

/** Whether a run waits for the repair of this error instead of failing. */
export function isWaitedFor(code: ErrorCode): boolean {
  return 'waits' in ERRORS[code];
}

/** Recognises the error across module realms (workers, bundles, tests), where `instanceof` fails. */
export function isSerengetiError(error: unknown): error is SerengetiError {
  return error instanceof Error && error.name === 'SerengetiError' && 'code' in error;
}
