/**
 * What runs can be filtered by in lists, with Temporal's name of each type. They are added to the namespace when a
 * worker starts; a run leaves out those that are not there.
 */
export const SEARCH_ATTRIBUTES = {
  /** The step that the run is at. */
  SerengetiStage: 'KEYWORD',
  /** Training and held-out seasons. */
  SerengetiSeasons: 'KEYWORD_LIST',
  SerengetiBackbone: 'KEYWORD',
  /** Log loss on the held-out seasons: smaller is better. */
  SerengetiScore: 'DOUBLE',
  /** running, pausing, paused, waiting, done, planned, failed or cancelled. */
  SerengetiOutcome: 'KEYWORD',
} as const;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;
