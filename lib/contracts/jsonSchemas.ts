import { z } from 'zod';
import { catalogSchema } from './catalog';
import { runInputSchema } from './runInput';

/**
 * What people write, as JSON Schemas for editors and other programs, by file name. They say what each field may be; that
 * fields fit together (classes that are mapped to exist, seasons occur once) is checked when the file is read.
 */
export function jsonSchemas(): Readonly<Record<string, object>> {
  return {
    catalog: { title: 'Catalog of seasons', ...z.toJSONSchema(catalogSchema, { io: 'input' }) },
    'run-input': { title: 'Input of trainPipeline', ...z.toJSONSchema(runInputSchema, { io: 'input' }) },
  };
}
