/** Cells of a row; undefined for what the species does not have, or has as the others do. */
export type Row = readonly (string | undefined)[];

/** Rows of a text table by their first word, without the heading; `-` stands for no value. */
export function table(text: string): ReadonlyMap<string, Row> {
  const [, ...rows] = text.trim().split('\n');
  return new Map(
    rows.map((row) => {
      const [name, ...cells] = row.split(/ +/);
      return [name!, cells.map((cell) => (cell === '-' ? undefined : cell))];
    }),
  );
}

/** Gives the next cells of a row as numbers, so many at a time; 0 where there is no value. */
export function numbers(row: Row): <N extends keyof Tuples>(count: N) => Tuples[N] {
  let taken = 0;
  return <N extends keyof Tuples>(count: N) => {
    const cells = row.slice(taken, (taken += count));
    return cells.map((cell) => Number(cell ?? 0)) as unknown as Tuples[N];
  };
}

interface Tuples {
  2: readonly [number, number];
  3: readonly [number, number, number];
  4: readonly [number, number, number, number];
  5: readonly [number, number, number, number, number];
}

export const radians = (angle: number): number => (angle * Math.PI) / 180;
