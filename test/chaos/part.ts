/** What every part of the suite is given. */
export interface ChaosOptions {
  /** All that is random follows from it. */
  readonly seed: number;
  /** Whether there is time for another case. */
  readonly hasTime: () => boolean;
}

/** What a part found out. */
export interface ChaosReport {
  /** Rows of the table, the first is its head. */
  readonly rows: readonly (readonly string[])[];
  /** What must not have happened, and how to see it again. */
  readonly faults: readonly string[];
}
