/** How a new model stands beside the champion of its catalog, once that is settled. */
export interface Judgement {
  /** `promoted`: it is champion; `kept`: the champion before stays. */
  readonly outcome: 'promoted' | 'kept';
  /** A sentence. */
  readonly reason: string;
  /** The champion now: `predict` takes it. */
  readonly champion: string;
  /** On the same held-out frames, where the two were compared there. */
  readonly logLoss?: { readonly challenger: number; readonly champion: number };
}

/** A run's model in the registry, and how it stands there. */
export interface Registration extends Judgement {
  readonly name: string;
}

/** How a run's model stands in the registry, in sentences. */
export function describeStanding({ name, outcome, champion, reason }: Registration): string {
  return outcome === 'promoted'
    ? `The model is ${name}, the champion that \`predict\` takes. ${reason}`
    : `The model is ${name}; \`predict\` takes ${champion}, which stays champion. ${reason}`;
}
