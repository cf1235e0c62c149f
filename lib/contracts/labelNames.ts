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

/** For people, and for what they drive. */
const PERSON_NAMES: readonly string[] = [
  'human',
  'humans',
  'person',
  'people',
  'homo sapiens',
  'pedestrian',
  'researcher',
  'hunter',
];
const VEHICLE_NAMES: readonly string[] = [
  'vehicle',
  'vehicles',
  'car',
  'truck',
  'bus',
  'motorcycle',
  'motorbike',
  'bicycle',
  'bike',
  'atv',
  'boat',
];

/** What the field tells apart whatever the classes are. */
export type LabelKind = 'animal' | 'person' | 'vehicle' | 'blank' | 'undetermined';

/** @param emptyClass - another name for a photograph without animals */
export function kindOfLabel(label: string, emptyClass: string): LabelKind {
  const name = normalizedLabel(label);
  if (name === normalizedLabel(emptyClass) || EMPTY_NAMES.includes(name)) return 'blank';
  if (UNDETERMINED_NAMES.includes(name)) return 'undetermined';
  if (PERSON_NAMES.includes(name)) return 'person';
  return VEHICLE_NAMES.includes(name) ? 'vehicle' : 'animal';
}

/** The same for all ways in which people write a label: without regard to case and blanks around it. */
export function normalizedLabel(label: string): string {
  return label.trim().toLowerCase();
}
