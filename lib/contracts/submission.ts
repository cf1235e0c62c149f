/** `check.json`: what happened when the submission ran in a clean folder. */
export interface SubmissionCheck {
  readonly sequences: number;
  readonly programs: readonly ProgramCheck[];
  /** Between the programs, where more than one ran. */
  readonly agreement?: Agreement;
  /** Frames that {@link ProgramCheck.projectedHours} is for: those of season 11 that the model would look at. */
  readonly projectedFrames: number;
}

export interface ProgramCheck {
  readonly program: 'main.py' | 'main.mjs';
  /** What ran it, as the program said: `TensorFlow 2.21.0`. */
  readonly runtime: string;
  /** From start to end, loading the model included. */
  readonly seconds: number;
  readonly frames: number;
  /** While predicting, the first batch's warm-up included. */
  readonly framesPerSecond: number;
  readonly projectedHours: number;
}

export interface Agreement {
  /** Largest difference of a probability. */
  readonly largestDifference: number;
  /** Share of the sequences with the same most probable class. */
  readonly sameTop: number;
}
