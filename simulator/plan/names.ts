/** How Snapshot Serengeti names things. Season 11 has names of its own. */

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** `SER_S1#B04#1#17`: season, site, roll of the camera, capture on the roll. */
export function sequenceId(season: string, site: string, roll: number, capture: number): string {
  return `SER_${season}#${site}#${roll}#${capture}`;
}

/** `S1/B04/B04_R1/S1_B04_R1_PICT0001.JPG`: the frame's name in its season's archive and metadata. */
export function frameName(season: string, site: string, roll: number, picture: number): string {
  const renamed = season === 'S11';
  const prefix = renamed ? `SER_${season}` : season;
  const file = `${prefix}_${site}_R${roll}_${renamed ? 'IMAG' : 'PICT'}${pad(picture, 4)}.JPG`;
  return `${prefix}/${site}/${site}_R${roll}/${file}`;
}

const FOLDER = 'snapshotserengeti-v-2-0';

const twoDigits = (season: string): string => pad(Number(season.slice(1)), 2);

export function archivePath(season: string): string {
  return `${FOLDER}/SnapshotSerengeti_S${twoDigits(season)}_v2_0.zip`;
}

export function metadataPath(season: string): string {
  return `${FOLDER}/SnapshotSerengetiS${twoDigits(season)}.json.zip`;
}

/** The member's name differs from its archive's, as on LILA. */
export function metadataMember(season: string): string {
  return `SnapshotSerengeti_S${twoDigits(season)}_v2_0.json`;
}

/** `2010-07-18 16:26:14` from milliseconds since 1970 as the camera's clock counts them. */
export function timestamp(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}
