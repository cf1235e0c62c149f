import { log } from '@temporalio/activity';
import type { Outcome } from '../lib/contracts/run';
import type { CatalogRef, ModelRef, SubmissionRef, SubmissionSummary, ValidationRef } from '../lib/contracts/steps';
import type { ValidationResult } from '../lib/contracts/validation';
import { packageSubmission } from '../lib/submission';
import { produce } from '../lib/store';
import { readCatalogArtifact, readJson } from './artifacts';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { submissionRecipe } from './recipes';

export interface PackageSubmissionInput {
  readonly catalog: CatalogRef;
  readonly model: ModelRef;
  readonly validation: ValidationRef;
}

/** Packs the model and the programs that run it. */
export function createPackageSubmission({ store }: Dependencies) {
  return ({ catalog: catalogRef, model, validation }: PackageSubmissionInput): Promise<Outcome<SubmissionRef>> =>
    durable(async (work) => {
      const catalog = await readCatalogArtifact(store, catalogRef);
      return await produce<SubmissionSummary>(store, {
        recipe: submissionRecipe(model, validation),
        work: async (draft) =>
          packageSubmission(
            {
              modelDirectory: (await store.open(model)).path('.'),
              data: catalog,
              validation: await readJson<ValidationResult>(store, validation, 'validation.json'),
              directory: draft.path('.'),
            },
            work,
          ),
      });
    });
}
