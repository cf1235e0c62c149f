import { catalogSchema, type Catalog } from '../../lib/contracts/catalog';
import { CLASSES, CLASS_MAPPING } from '../plan/classes';
import { archivePath, metadataPath } from '../plan/names';
import type { SimulationOptions } from '../options';

/** The catalog of a simulation: its files lie beside it; the last season validates, the others train. */
export function simulatedCatalog(options: SimulationOptions): Catalog {
  const { seasons } = options;
  return catalogSchema.parse({
    name: options.name,
    description: `A simulated Serengeti: ${seasons.length} seasons of ${options.sequences} sequences, drawn from seed ${options.seed}.`,
    licence: 'CC0-1.0',
    mirrors: [{ name: 'local', url: './' }],
    classes: [...CLASSES],
    classMapping: CLASS_MAPPING,
    seasons: seasons.map((id) => ({
      id,
      archives: [archivePath(id)],
      metadata: { format: 'coco-camera-traps', path: metadataPath(id) },
    })),
    ...(seasons.length > 1 ? { split: { train: seasons.slice(0, -1), validation: seasons.slice(-1) } } : {}),
  });
}

/** The same catalog with its files at another address: where `serveFolder` serves them. */
export function withMirrors(catalog: Catalog, ...urls: readonly string[]): Catalog {
  const mirrors = urls.map((url, position) => ({
    name: `mirror${position + 1}`,
    url: url.endsWith('/') ? url : `${url}/`,
  }));
  return { ...catalog, mirrors };
}
