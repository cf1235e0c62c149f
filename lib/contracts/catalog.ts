import { z } from 'zod';

// Workflow code runs in a sandbox that refuses generated functions; zod's compiled validators would be such.
z.config({ jitless: true });

const identifier = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'letters, digits, "_" and "-" only, at most 64 of them');

/** Of a file at a mirror, below its address. */
export const relativePath = z
  .string()
  .min(1)
  .max(1024)
  .refine((path) => !path.startsWith('/') && !path.includes('\\') && !/^[A-Za-z]:/.test(path), 'must be relative')
  .refine((path) => !path.split('/').some((part) => part === '..' || part === '.'), 'must not contain "." or ".."');

/** One line of `labels.txt`. */
const className = z
  .string()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u, 'must not contain line breaks or other control characters');

const mirror = z.object({
  name: identifier,
  /**
   * Base address that the relative paths are appended to: `https://…/`, `http://…/`, `file:///…/`, or, in a catalog
   * file, a folder relative to that file: `./`, `./frames/`, `../`. Loading resolves the latter. A query, such as a
   * signature (`https://…/?sv=…&sig=…`), goes with every request and into no message.
   */
  url: z
    .string()
    .regex(
      /^(https?:\/\/[^?#]*\/(\?[^#]*)?|file:\/\/.*\/|\.\.?\/(.*\/)?)$/,
      'must start with https://, http://, file://, ./ or ../ and end with "/", or with a query behind that',
    ),
});

/** Where a season's labels and frame list are, and in which of the field's formats. */
const metadata = z.discriminatedUnion('format', [
  z.object({
    /** COCO Camera Traps JSON, bare or as the one member of a zip. */
    format: z.literal('coco-camera-traps'),
    path: relativePath,
  }),
  z.object({
    /** The competition's files: `seq_id,file_name,datetime` and `seq_id` + one 0/1 column a class. */
    format: z.literal('competition-csv'),
    metadata: relativePath,
    labels: relativePath,
  }),
  z.object({
    /** LILA's CSV exports: one row an image and one row an annotation, as the one member of a zip or bare. */
    format: z.literal('lila-csv'),
    images: relativePath,
    annotations: relativePath,
  }),
  z.object({
    /** A Camtrap DP package: its `datapackage.json`, whose tables are fetched along with it, or a zip of all of them. */
    format: z.literal('camtrap-dp'),
    path: relativePath,
  }),
]);

const season = z
  .object({
    id: identifier,
    /** The zip archives that together hold the season's frames, in order. Empty: loose frames only. */
    archives: z.array(relativePath).max(64),
    metadata,
    /**
     * What a detector found in the frames: a file in MegaDetector's output format, bare, gzipped or as the one member of a
     * zip. Its file names are those of the metadata. One file may tell of several seasons.
     */
    detections: relativePath.optional(),
    /** Folder of the loose frames: a frame is at this path followed by its file name. */
    frames: relativePath.optional(),
  })
  .refine(
    // A season's metadata files lie in one folder here.
    ({ metadata, detections }) => Object.values(metadata).every((path) => nameOf(path) !== nameOf(detections)),
    { path: ['detections'], message: 'must not have the name of a metadata file of the season' },
  );

function nameOf(path: string | undefined): string | undefined {
  return path?.split('/').at(-1);
}

/** Which seasons exist, where their archives, metadata and frames are, and what the classes are. */
export const catalogSchema = z
  .object({
    name: identifier,
    description: z.string().max(2000).default(''),
    licence: z.string().max(500).default(''),
    citation: z.string().max(2000).default(''),
    /** Same relative paths on each; all are used, the faster ones more. */
    mirrors: z.array(mirror).min(1).max(16),
    /** The classes that the model tells apart, in the order of its outputs. */
    classes: z.array(className).min(2).max(2000),
    /** The class that stands for a sequence without animals. */
    emptyClass: z.string().default('empty'),
    /** Labels of the metadata that go by another name here; `null` leaves the sequence out. */
    classMapping: z.record(z.string(), z.string().nullable()).default({}),
    seasons: z.array(season).min(1).max(500),
    /** What a run trains and validates on when its input does not say; without it, the last season validates. */
    split: z.object({ train: z.array(identifier), validation: z.array(identifier) }).optional(),
  })
  .superRefine((catalog, context) => {
    for (const [path, values] of [
      ['classes', catalog.classes],
      ['seasons', catalog.seasons.map((season) => season.id)],
    ] as const) {
      const repeated = values.find((value, position) => values.indexOf(value) !== position);
      if (repeated !== undefined) {
        context.addIssue({ code: 'custom', path: [path], message: `"${repeated}" occurs twice` });
      }
    }
    if (!catalog.classes.includes(catalog.emptyClass)) {
      context.addIssue({
        code: 'custom',
        path: ['emptyClass'],
        message: `"${catalog.emptyClass}" is not one of the classes`,
      });
    }
    for (const [label, target] of Object.entries(catalog.classMapping)) {
      if (target !== null && !catalog.classes.includes(target)) {
        context.addIssue({
          code: 'custom',
          path: ['classMapping', label],
          message: `"${target}" is not one of the classes`,
        });
      }
    }
  });

export type Catalog = z.infer<typeof catalogSchema>;
export type Season = Catalog['seasons'][number];
export type SeasonMetadata = Season['metadata'];
export type Mirror = Catalog['mirrors'][number];
