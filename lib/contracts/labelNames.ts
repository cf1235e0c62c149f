// Names that labels have in the field's metadata, whatever the catalog says; all in lower case, see `normalizedLabel`.

/** For a photograph without animals. They stand for the catalog's `emptyClass` unless it says otherwise. */
export const EMPTY_NAMES: readonly string[] = ['blank', 'empty'];

/** For "nobody looked, or could tell": neither a class nor the absence of animals, unless the catalog says otherwise. */
export const UNDETERMINED_NAMES: readonly string[] = [
  'unclassified',
  'unknown',
  'unidentified',
  'na',
  'n/a',
  'nan',
  'null',
];

/** The same for all ways in which people write a label: without regard to case and blanks around it. */
export function normalizedLabel(label: string): string {
  return label.trim().toLowerCase();
}
