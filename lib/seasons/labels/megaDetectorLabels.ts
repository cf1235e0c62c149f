import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { parseWith } from '../../contracts/validate';
import { parseJsonText } from '../../io/jsonText';
import { topLevelValue } from '../../io/topLevelValue';
import type { LabelledPhotograph } from './labelledPhotograph';

const names = z.record(z.string(), z.string());
const results = z.object({
  info: z
    .object({ detector_metadata: z.object({ typical_detection_threshold: z.number().optional() }).optional() })
    .optional(),
  detection_categories: names,
  classification_categories: names.default({}),
  images: z.array(
    z.object({
      file: z.string().min(1),
      datetime: z.string().nullish(),
      failure: z.string().nullish(),
      detections: z
        .array(
          z.object({
            category: z.string(),
            conf: z.number(),
            classifications: z.array(z.tuple([z.string(), z.number()])).nullish(),
          }),
        )
        .nullish(),
    }),
  ),
});

/** Above this a detection counts, where the file does not say what is typical of its detector. */
const THRESHOLD = 0.2;
const MOST_CATEGORY_BYTES = 1 << 20;

/** Whether a JSON file is in MegaDetector's format. */
export async function isMegaDetectorFile(path: string): Promise<boolean> {
  if (path.endsWith('.zip')) return false;
  return (await topLevelValue(createReadStream(path), 'detection_categories', MOST_CATEGORY_BYTES)) !== undefined;
}

/**
 * Labels of a file in MegaDetector's format (https://lila.science/megadetector-output-format) whose classes people have
 * checked: of each detection that counts the most probable class, else its category. A photograph without any is empty;
 * of one that could not be read nothing is known.
 *
 * @throws SerengetiError METADATA_INVALID
 */
export async function readMegaDetectorLabels(path: string): Promise<LabelledPhotograph[]> {
  const value = parseJsonText(await readFile(path, 'utf8'), path, 'METADATA_INVALID');
  const {
    info,
    detection_categories: categories,
    classification_categories: classes,
    images,
  } = parseWith(results, value, 'METADATA_INVALID', path);
  const threshold = info?.detector_metadata?.typical_detection_threshold ?? THRESHOLD;
  return images.map(({ file, datetime, failure, detections }) => {
    const labels = (detections ?? []).flatMap(({ category, conf, classifications }) => {
      if (conf < threshold) return [];
      const [best] = [...(classifications ?? [])].sort(([, a], [, b]) => b - a);
      return [(best === undefined ? undefined : classes[best[0]]) ?? categories[category] ?? category];
    });
    const nobodyKnows = failure != null || detections == null;
    return {
      file: file.replaceAll('\\', '/'),
      time: datetime ?? undefined,
      labels: labels.length > 0 || nobodyKnows ? [...new Set(labels)] : ['empty'],
    };
  });
}
