import { megaDetectorLines } from '../../../../lib/model/predict/megaDetector';
import { tinyCard } from '../support';

const text = (card: ReturnType<typeof tinyCard>, ...probabilities: readonly (readonly number[])[]) =>
  [
    ...megaDetectorLines(
      probabilities.map((values, number) => ({
        file: `${number}.jpg`,
        taken: Date.UTC(2024, 4, 1, 6, 0, 3),
        outcome: { sequence: '0.jpg', probabilities: Float64Array.from(values) },
      })),
      card,
    ),
  ].join('');

interface Written {
  readonly info: { readonly format_version: string; readonly detector_metadata: object };
  readonly detection_categories: Readonly<Record<string, string>>;
  readonly classification_categories: Readonly<Record<string, string>>;
  readonly images: readonly {
    readonly datetime: string;
    readonly detections: readonly {
      readonly category: string;
      readonly conf: number;
      readonly classifications: readonly (readonly [string, number])[];
    }[];
  }[];
}

const read = (...parameters: Parameters<typeof text>) => JSON.parse(text(...parameters)) as Written;

test('confidences read as floats, whatever the model says', () => {
  const written = text(tinyCard(), [0, 1, 0], [1, 0, 0], [0.000001, 0.999999, 0], [0.25, 0.5, 0.25]);
  expect(written.match(/"conf":[^,]+/g)).toEqual(['"conf":1.0', '"conf":0.0', '"conf":1.0', '"conf":0.75']);
});

test('a name that looks like a confidence stays as it is', () => {
  const file = '"conf":1,.jpg';
  const lines = [...megaDetectorLines([{ file, outcome: { failure: 'x' } }], tinyCard())].join('');
  expect((JSON.parse(lines) as { images: unknown[] }).images).toEqual([{ file, failure: 'x', detections: null }]);
});

test('version, thresholds for tools to begin with, and times as EXIF writes them', () => {
  const { info, images } = read(tinyCard(), [0.5, 0.5, 0]);
  expect(info).toMatchObject({
    format_version: '1.6',
    detector_metadata: { typical_detection_threshold: 0.5, conservative_detection_threshold: 0.2 },
  });
  expect(images[0]!.datetime).toBe('2024:05:01 06:00:03');
});

test('people and vehicles are no animals where the classes know them', () => {
  const card = tinyCard({ classes: ['empty', 'Human', 'impala', 'car', 'zebra'] });
  const { detection_categories, images } = read(card, [0.1, 0.4, 0.1, 0.15, 0.25]);
  expect(detection_categories).toEqual({ 1: 'animal', 2: 'person', 3: 'vehicle' });
  const [animal, person, vehicle] = images[0]!.detections;
  expect(animal).toMatchObject({
    category: '1',
    classifications: [
      ['4', 0.25],
      ['2', 0.1],
    ],
  });
  expect(animal!.conf).toBeCloseTo(0.35, 4);
  expect(person).toMatchObject({ category: '2', classifications: [['1', 0.4]] });
  expect(person!.conf).toBeCloseTo(0.4, 4);
  expect(vehicle!.conf).toBeCloseTo(0.15, 4);
});

test('independent outputs: the kinds share what is not empty', () => {
  const card = tinyCard({ classes: ['empty', 'person', 'impala'], output: 'sigmoid' });
  const { images } = read(card, [0.2, 0.9, 0.9], [1, 0, 0]);
  expect(images.map(({ detections }) => detections.map(({ conf }) => conf))).toEqual([
    [0.4, 0.4],
    [0, 0],
  ]);
});

test('no category is without a name', () => {
  const card = tinyCard({ classes: ['empty', ' ', 'zebra'] });
  expect(read(card, [0.5, 0.5, 0]).classification_categories).toEqual({ 0: 'empty', 1: 'class 1', 2: 'zebra' });
});
