import type { ArtifactRef } from '../../contracts/artifact';
import type { PickedFrame } from '../../contracts/pick';
import type { Outcome } from '../../contracts/run';
import type {
  CatalogRef,
  FramesRef,
  ModelRef,
  PickRef,
  SubmissionRef,
  SubmissionSummary,
  ValidationRef,
} from '../../contracts/steps';
import type { ValidationResult } from '../../contracts/validation';
import { readPickedFrames } from '../../metadata';
import { readModelCard } from '../../model';
import { checkedText, checkSubmission, packageSubmission, type SampleSequence } from '../../submission';
import { produce, type ArtifactStore, type Recipe } from '../../store';
import { readCatalogArtifact, readJson } from '../artifacts';
import { Photographs } from '../photographs';
import { findMade, step } from '../step';

/** Enough sequences to see that the packaged programs run and agree, few enough to take seconds. */
const SAMPLE_SEQUENCES = 24;

function recipe(model: ModelRef, validation: ValidationRef): Recipe {
  return { kind: 'submission', step: 'packageSubmission', version: 1, params: {}, inputs: [model, validation] };
}

export interface PackageSubmissionInput {
  readonly catalog: CatalogRef;
  readonly model: ModelRef;
  readonly validation: ValidationRef;
  readonly pick: PickRef;
  /** Of the held-out seasons: the submission is tried on some of them. */
  readonly frames: readonly FramesRef[];
}

/** Packs the model and the programs that run it, and runs them once in a clean folder before it counts as packaged. */
export const packageSubmissionStep = step({
  name: 'packageSubmission',
  kind: 'submission',
  recipe,
  async run({ store }, input: PackageSubmissionInput, work): Promise<Outcome<SubmissionRef>> {
    return await produce<SubmissionSummary>(store, {
      recipe: recipe(input.model, input.validation),
      work: async (draft) => {
        const modelDirectory = (await store.open(input.model)).path('.');
        const directory = draft.path('.');
        const catalog = await readCatalogArtifact({ store }, input.catalog);
        const summary = await packageSubmission(
          {
            modelDirectory,
            data: catalog,
            validation: await readJson<ValidationResult>(store, input.validation, 'validation.json'),
            directory,
          },
          work,
        );
        const card = await readModelCard(modelDirectory);
        const check = await Photographs.use(store, catalog, input.frames, async (photographs) =>
          checkSubmission(
            {
              zip: draft.path('submission.zip'),
              sample: await sampleOf(store, input.pick, photographs),
              card,
              directory,
            },
            work,
          ),
        );
        return { ...summary, checked: checkedText(check) };
      },
    });
  },
  async find({ store }, { trainHead: [model], validateModel: [validation] }) {
    return model && validation ? await findMade<SubmissionSummary>(store, recipe(model, validation)) : [];
  },
  estimate: ({ made }) => ({ reused: made.packageSubmission.length, parts: 1, work: 1 }),
  measure: () => 1,
});

/** Held-out sequences spread over the pick. */
async function sampleOf(
  store: ArtifactStore,
  pick: ArtifactRef<object>,
  photographs: Photographs,
): Promise<SampleSequence[]> {
  const frames = await readPickedFrames((await store.open(pick)).path('.'), { split: 'validation' });
  const bySequence = new Map<string, PickedFrame[]>();
  for (const frame of frames) bySequence.set(frame.sequence, [...(bySequence.get(frame.sequence) ?? []), frame]);
  const sequences = [...bySequence];
  const stride = Math.max(1, sequences.length / SAMPLE_SEQUENCES);
  const positions = Array.from({ length: Math.min(SAMPLE_SEQUENCES, sequences.length) }, (_, i) =>
    Math.floor(i * stride),
  );
  return positions.map((position) => {
    const [sequence, own] = sequences[position]!;
    return {
      sequence,
      frames: [...new Set(own.map(({ fileName }) => fileName))].map((fileName) => {
        const looks = own.filter((look) => look.fileName === fileName);
        const boxes = looks.flatMap(({ box }) => (box ? [box] : []));
        return { fileName, boxes, read: () => photographs.read(looks[0]!.season, fileName) };
      }),
    };
  });
}
