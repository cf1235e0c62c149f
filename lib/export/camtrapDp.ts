import { extname, join } from 'node:path';
import { SerengetiError } from '../contracts/errors';
import { kindOfLabel, type LabelKind } from '../contracts/labelNames';
import { writeFileAtomic } from '../io/files';
import { clockText, named, spanOf, type CameraEvent, type EventSource } from './events';
import type { Locations } from './locations';
import { writeTable, type Table } from './table';

// Camtrap DP 1.0.2 (https://camtrap-dp.tdwg.org), a package of three tables. It demands a place of every deployment and a
// time with its offset from UTC of every medium.

const STANDARD = 'https://raw.githubusercontent.com/tdwg/camtrap-dp/1.0.2/';

/** All columns of the standard, in its order: validators ask for those that stay empty, too. */
const COLUMNS = {
  deployments: [
    'deploymentID',
    'locationID',
    'locationName',
    'latitude',
    'longitude',
    'coordinateUncertainty',
    'deploymentStart',
    'deploymentEnd',
    'setupBy',
    'cameraID',
    'cameraModel',
    'cameraDelay',
    'cameraHeight',
    'cameraDepth',
    'cameraTilt',
    'cameraHeading',
    'detectionDistance',
    'timestampIssues',
    'baitUse',
    'featureType',
    'habitat',
    'deploymentGroups',
    'deploymentTags',
    'deploymentComments',
  ],
  media: [
    'mediaID',
    'deploymentID',
    'captureMethod',
    'timestamp',
    'filePath',
    'filePublic',
    'fileName',
    'fileMediatype',
    'exifData',
    'favorite',
    'mediaComments',
  ],
  observations: [
    'observationID',
    'deploymentID',
    'mediaID',
    'eventID',
    'eventStart',
    'eventEnd',
    'observationLevel',
    'observationType',
    'cameraSetupType',
    'scientificName',
    'count',
    'lifeStage',
    'sex',
    'behavior',
    'individualID',
    'individualPositionRadius',
    'individualPositionAngle',
    'individualSpeed',
    'bboxX',
    'bboxY',
    'bboxWidth',
    'bboxHeight',
    'classificationMethod',
    'classifiedBy',
    'classificationTimestamp',
    'classificationProbability',
    'observationTags',
    'observationComments',
  ],
} as const;

type TableOf<Name extends keyof typeof COLUMNS> = Table<(typeof COLUMNS)[Name][number]>;

const OBSERVATION_TYPES: Readonly<Record<LabelKind, string>> = {
  animal: 'animal',
  person: 'human',
  vehicle: 'vehicle',
  blank: 'blank',
  undetermined: 'unknown',
};

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.webp': 'image/webp',
};

/** What the standard lets a path be: relative, below the package, and not hidden. */
const PATH = /^(?![./~])(?!.*\.\.)/;

export interface CamtrapDpInput {
  readonly source: EventSource;
  /** Where `datapackage.json` and its three tables go. */
  readonly directory: string;
  readonly locations: Locations;
  /** Of the cameras' clocks from UTC, such as `+03:00`. */
  readonly utcOffset: string;
  /** Scientific names by label; a label without one stands for itself. */
  readonly taxa?: ReadonlyMap<string, string> | undefined;
  /** What the descriptor should say otherwise: title, contributors, project, licences. */
  readonly descriptor?: object | undefined;
}

export interface CamtrapDpSummary {
  /** The descriptor's path. */
  readonly file: string;
  readonly deployments: number;
  readonly media: number;
  readonly observations: number;
  /** Photographs that are left out, because they have no time. */
  readonly undated: number;
  /** The same, because the standard forbids their names. */
  readonly forbiddenNames: number;
}

/**
 * Writes events as a Camtrap DP package: an observation a label of an event. Photographs are where they were; their paths
 * are those of the source.
 *
 * @throws SerengetiError INPUT_INVALID for sites without a location, and where no photograph has a time
 */
export async function writeCamtrapDp(input: CamtrapDpInput): Promise<CamtrapDpSummary> {
  const writer = new PackageWriter(input);
  const path = (name: string): string => join(input.directory, `${name}.csv`);
  await writeTable(path('media'), COLUMNS.media, (media) =>
    writeTable(path('observations'), COLUMNS.observations, (observations) => writer.writeEvents(media, observations)),
  );
  await writeTable(path('deployments'), COLUMNS.deployments, (deployments) => writer.writeDeployments(deployments));
  const file = join(input.directory, 'datapackage.json');
  await writeFileAtomic(file, `${JSON.stringify(writer.descriptor(), undefined, 2)}\n`);
  return { file, ...writer.counts };
}

interface Deployment {
  readonly id: string;
  readonly site: string;
  start: number;
  end: number;
}

class PackageWriter {
  readonly #input: CamtrapDpInput;
  readonly #deployments = new Map<string, Deployment>();
  /** Labels by scientific name. */
  readonly #taxa = new Map<string, string>();
  #media = 0;
  #observations = 0;
  #undated = 0;
  #forbiddenNames = 0;

  constructor(input: CamtrapDpInput) {
    this.#input = input;
  }

  get counts(): Omit<CamtrapDpSummary, 'file'> {
    return {
      deployments: this.#deployments.size,
      media: this.#media,
      observations: this.#observations,
      undated: this.#undated,
      forbiddenNames: this.#forbiddenNames,
    };
  }

  async writeEvents(media: TableOf<'media'>, observations: TableOf<'observations'>): Promise<void> {
    for await (const event of this.#input.source.events) {
      const kept = this.#withoutForbidden(event);
      const span = spanOf(kept);
      if (span === undefined) continue;
      const deployment = this.#deploymentOf(kept, span);
      await this.#writeMedia(kept, deployment, media);
      await this.#writeObservations(kept, deployment, span, observations);
    }
    if (this.#media === 0) {
      throw new SerengetiError(
        'INPUT_INVALID',
        `None of the photographs has a time and a name that Camtrap DP allows (${this.#undated} without a time)`,
      );
    }
    this.#expectLocations();
  }

  async writeDeployments(table: TableOf<'deployments'>): Promise<void> {
    const { locations } = this.#input;
    for (const { id, site, start, end } of this.#deployments.values()) {
      const { latitude, longitude, uncertainty } = locations.of(site)!;
      await table.add({
        deploymentID: id,
        locationID: site,
        locationName: site,
        latitude,
        longitude,
        coordinateUncertainty: uncertainty,
        deploymentStart: this.#time(start),
        deploymentEnd: this.#time(end),
      });
    }
  }

  descriptor(): object {
    const deployments = [...this.#deployments.values()];
    const places = deployments.map(({ site }) => this.#input.locations.of(site)!);
    return {
      name: 'camera-trap-data',
      profile: `${STANDARD}camtrap-dp-profile.json`,
      created: new Date().toISOString(),
      title: 'Camera trap data',
      contributors: [{ title: 'unnamed', role: 'contributor' }],
      project: {
        title: 'Camera trap data',
        samplingDesign: 'opportunistic',
        captureMethod: ['activityDetection'],
        individualAnimals: false,
        observationLevel: ['event'],
      },
      ...this.#input.descriptor,
      spatial: areaOf(places),
      temporal: {
        start: clockText(Math.min(...deployments.map(({ start }) => start))).slice(0, 10),
        end: clockText(Math.max(...deployments.map(({ end }) => end))).slice(0, 10),
      },
      taxonomic: [...this.#taxa].map(([scientificName, label]) =>
        scientificName === label ? { scientificName } : { scientificName, vernacularNames: { eng: label } },
      ),
      resources: Object.keys(COLUMNS).map((name) => ({
        name,
        path: `${name}.csv`,
        profile: 'tabular-data-resource',
        format: 'csv',
        mediatype: 'text/csv',
        encoding: 'utf-8',
        schema: `${STANDARD}${name}-table-schema.json`,
      })),
    };
  }

  #expectLocations(): void {
    const { locations } = this.#input;
    const unplaced = [...new Set([...this.#deployments.values()].map(({ site }) => site))].filter(
      (site) => locations.of(site) === undefined,
    );
    if (unplaced.length === 0) return;
    throw new SerengetiError(
      'INPUT_INVALID',
      `Camtrap DP demands the location of every site; ${locations.name} has none of ${unplaced.join(', ')}`,
      { details: { sites: unplaced } },
    );
  }

  #withoutForbidden(event: CameraEvent): CameraEvent {
    const photographs = event.photographs.filter(({ file, taken }) => {
      if (taken === undefined) this.#undated += 1;
      else if (!PATH.test(file)) this.#forbiddenNames += 1;
      return taken !== undefined && PATH.test(file);
    });
    return { ...event, photographs };
  }

  #deploymentOf(event: CameraEvent, { start, end }: { start: number; end: number }): string {
    const id = named(event, event.site);
    const deployment = this.#deployments.get(id);
    if (deployment === undefined) this.#deployments.set(id, { id, site: event.site, start, end });
    else {
      deployment.start = Math.min(deployment.start, start);
      deployment.end = Math.max(deployment.end, end);
    }
    return id;
  }

  async #writeMedia(event: CameraEvent, deployment: string, table: TableOf<'media'>): Promise<void> {
    for (const { file, taken } of event.photographs) {
      await table.add({
        mediaID: named(event, file),
        deploymentID: deployment,
        captureMethod: 'activityDetection',
        timestamp: this.#time(taken!),
        filePath: file,
        filePublic: 'false',
        fileMediatype: MEDIA_TYPES[extname(file).toLowerCase()] ?? 'image/jpeg',
      });
      this.#media += 1;
    }
  }

  async #writeObservations(
    event: CameraEvent,
    deployment: string,
    { start, end }: { start: number; end: number },
    table: TableOf<'observations'>,
  ): Promise<void> {
    const { emptyClass, classifiedBy } = this.#input.source;
    const common = {
      deploymentID: deployment,
      eventID: event.id,
      eventStart: this.#time(start),
      eventEnd: this.#time(end),
      observationLevel: 'event',
      ...(classifiedBy === undefined ? {} : { classificationMethod: 'machine', classifiedBy }),
      ...(event.classifiedBy === undefined ? {} : { classificationMethod: 'human', classifiedBy: event.classifiedBy }),
    };
    const observed = event.labels.map(({ label, probability }) => {
      const kind = kindOfLabel(label, emptyClass);
      return {
        observationType: OBSERVATION_TYPES[kind],
        scientificName: kind === 'animal' ? this.#nameOf(label) : undefined,
        classificationProbability: probability,
      };
    });
    const nobodyLooked = { observationType: 'unclassified' };
    for (const [position, what] of (observed.length === 0 ? [nobodyLooked] : observed).entries()) {
      await table.add({ observationID: `${named(event, event.id)}#${position + 1}`, ...common, ...what });
      this.#observations += 1;
    }
  }

  #nameOf(label: string): string {
    const name = this.#input.taxa?.get(label) ?? label;
    this.#taxa.set(name, label);
    return name;
  }

  #time(taken: number): string {
    return `${clockText(taken)}${this.#input.utcOffset}`;
  }
}

/** GeoJSON: the rectangle that holds all places, or the one place. */
function areaOf(places: readonly { readonly latitude: number; readonly longitude: number }[]): object {
  const latitudes = places.map(({ latitude }) => latitude);
  const longitudes = places.map(({ longitude }) => longitude);
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  if (south === north && west === east) return { type: 'Point', coordinates: [west, south] };
  const corners = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return { type: 'Polygon', coordinates: [corners] };
}
