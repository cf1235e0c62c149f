/** A photograph of an event. */
export interface EventPhotograph {
  /** Path below the folder of the photographs, or in the season's archives. */
  readonly file: string;
  /** Milliseconds by the camera's clock. */
  readonly taken?: number | undefined;
}

/** What passed a camera once: a sequence with what it was taken for. */
export interface CameraEvent {
  readonly id: string;
  /** Of the sequence; within it, sites and files have their names. */
  readonly season?: string;
  readonly site: string;
  /** In the order in which they were taken. */
  readonly photographs: readonly EventPhotograph[];
  readonly labels: readonly EventLabel[];
  /** The people who said it; absent where nobody did, or nobody knows who. */
  readonly classifiedBy?: string;
}

export interface EventLabel {
  readonly label: string;
  /** Where a model said it. */
  readonly probability?: number;
}

/** Events of one source, each read once. */
export interface EventSource {
  readonly emptyClass: string;
  /** The model, where it was one that labelled them. */
  readonly classifiedBy?: string;
  readonly events: AsyncIterable<CameraEvent> | Iterable<CameraEvent>;
}

/** Seasons may have the same names for different things. */
export function named({ season }: CameraEvent, name: string): string {
  return season === undefined ? name : `${season}/${name}`;
}

/** When an event began and ended; `undefined` where none of its photographs has a time. */
export function spanOf({ photographs }: CameraEvent): { readonly start: number; readonly end: number } | undefined {
  const times = photographs.flatMap(({ taken }) => taken ?? []);
  if (times.length === 0) return undefined;
  return { start: Math.min(...times), end: Math.max(...times) };
}

/** What the camera's clock showed, without a zone. */
export function clockText(taken: number): string {
  return new Date(taken).toISOString().slice(0, 19);
}
