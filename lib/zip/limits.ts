/** What an archive may ask of a disk. Photographs hardly compress, so real seasons stay far below. */
export interface ZipLimits {
  /** Largest entry, unpacked. Entries are unpacked in memory. */
  readonly entryBytes: number;
  /** Largest ratio of unpacked to packed, looked at in entries that unpack to more than `ratioFromBytes`. */
  readonly entryRatio: number;
  readonly ratioFromBytes: number;
  /** All entries together may unpack to `totalBytesFrom` plus `totalRatio` times the archive's size. */
  readonly totalRatio: number;
  readonly totalBytesFrom: number;
}

export const ZIP_LIMITS: ZipLimits = {
  entryBytes: 256 << 20,
  entryRatio: 200,
  ratioFromBytes: 16 << 20,
  totalRatio: 16,
  totalBytesFrom: 1 << 30,
};
