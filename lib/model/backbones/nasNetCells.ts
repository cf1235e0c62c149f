/** Channels of the stem's output. */
export const STEM_CHANNELS = 32;

/** Channels of every branch in the first normal cells; half of that and a quarter in the stem's, then doubled twice. */
const FILTERS = 44;
const REPEATS = 4;

type Kind = 'normal' | 'reduction';

/** A pair of separable convolutions: figure 4's place of it, and the side of its kernels. */
export interface Branch {
  readonly place: string;
  readonly size: number;
  /** Whether it looks at the older of the two inputs. */
  readonly older: boolean;
}

export const BRANCHES: Readonly<Record<Kind, readonly Branch[]>> = {
  normal: [
    { place: 'left1', size: 5, older: false },
    { place: 'right1', size: 3, older: true },
    { place: 'left2', size: 5, older: true },
    { place: 'right2', size: 3, older: true },
    { place: 'left5', size: 3, older: false },
  ],
  reduction: [
    { place: 'left1', size: 5, older: false },
    { place: 'right1', size: 7, older: true },
    { place: 'right2', size: 7, older: true },
    { place: 'right3', size: 5, older: true },
    { place: 'left4', size: 3, older: false },
  ],
};

export interface Cell {
  readonly name: string;
  readonly kind: Kind;
  /** What Keras ends its layers' names with. */
  readonly suffix: string;
  /** Channels within the cell. */
  readonly filters: number;
  /** Channels of its input, and of the cell's before. */
  readonly inputs: number;
  readonly olderInputs: number;
  /** How the older input is made to fit: it is as it should be, has other channels, or is twice the size as well. */
  readonly adjustment: 'none' | 'project' | 'reduce';
}

const PLAN: readonly Pick<Cell, 'kind' | 'suffix' | 'filters'>[] = [
  { kind: 'reduction', suffix: 'stem_1', filters: FILTERS / 4 },
  { kind: 'reduction', suffix: 'stem_2', filters: FILTERS / 2 },
  ...normalCells(0, FILTERS),
  { kind: 'reduction', suffix: `reduce_${REPEATS}`, filters: 2 * FILTERS },
  ...normalCells(REPEATS + 1, 2 * FILTERS),
  { kind: 'reduction', suffix: `reduce_${2 * REPEATS}`, filters: 4 * FILTERS },
  ...normalCells(2 * REPEATS + 1, 4 * FILTERS),
];

/** All cells in their order. */
export const CELLS: readonly Cell[] = PLAN.reduce<readonly Cell[]>(
  (cells, plan) => [...cells, follow(cells, plan)],
  [],
);

function normalCells(first: number, filters: number) {
  return Array.from({ length: REPEATS }, (_, index) => ({
    kind: 'normal' as const,
    suffix: `${first + index}`,
    filters,
  }));
}

function follow(cells: readonly Cell[], plan: (typeof PLAN)[number]): Cell {
  const name = `cell${cells.length}`;
  const before = cells.at(-1);
  if (before === undefined) {
    return { ...plan, name, inputs: STEM_CHANNELS, olderInputs: STEM_CHANNELS, adjustment: 'none' };
  }
  return {
    ...plan,
    name,
    inputs: outputsOf(before),
    olderInputs: before.inputs,
    adjustment: before.kind === 'reduction' ? 'reduce' : 'project',
  };
}

/** A cell's output lays its branches side by side; a normal cell's has the older input as well. */
function outputsOf({ kind, filters }: Cell): number {
  return filters * (kind === 'normal' ? 6 : 4);
}
