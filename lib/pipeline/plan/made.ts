import type { ArtifactRef } from '../../contracts/artifact';
import type {
  BackboneRef,
  FramesRef,
  IndexRef,
  MetadataRef,
  ModelRef,
  PickRef,
  ValidationRef,
} from '../../contracts/steps';

/** A season as its mirrors and the store have it. */
export interface FoundSeason {
  readonly id: string;
  /** Published bytes of metadata, and of the archives where the run downloads them. */
  readonly metadataBytes: number;
  readonly archiveBytes: number;
  readonly downloads: boolean;
  readonly metadata?: MetadataRef | undefined;
  readonly archive?: ArtifactRef | undefined;
  readonly frames?: FramesRef | undefined;
  readonly index?: IndexRef | undefined;
}

/** What is there of everything that a run would make. A step whose inputs are not there cannot be there. */
export interface Made {
  readonly seasons: readonly FoundSeason[];
  readonly pick?: PickRef | undefined;
  readonly backbone?: BackboneRef | undefined;
  /** Features by season: the shards that are there. Empty while the pick is not. */
  readonly features: ReadonlyMap<string, readonly ArtifactRef[]>;
  readonly model?: ModelRef | undefined;
  readonly validation?: ValidationRef | undefined;
  readonly submission?: ArtifactRef | undefined;
}
