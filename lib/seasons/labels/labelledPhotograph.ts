/** A photograph with what people say of it, whatever file or folder tells it. */
export interface LabelledPhotograph {
  /** Path below the folder, or in the archives, of the season. */
  readonly file: string;
  /** As they are written; none where nobody looked. */
  readonly labels: readonly string[];
  readonly site?: string | undefined;
  /** As it is written: the index reads it. */
  readonly time?: string | undefined;
  readonly sequence?: string | undefined;
  /** Who said it, as it is written. */
  readonly classifiedBy?: string | undefined;
}
