import { ReviewJournal } from '../../../lib/review';

/** Marks sequences in a journal, several at a time, and prints the name of each once it is acknowledged. */
async function main(): Promise<void> {
  const [path, by] = process.argv.slice(2) as [string, string];
  const journal = await ReviewJournal.open(path, () => undefined);
  for (let first = 0; ; first += 3) {
    await Promise.all(
      [first, first + 1, first + 2].map(async (number) => {
        await journal.append({ sequence: `${by}-${number}`, by, labels: ['zebra'] });
        process.stdout.write(`${by}-${number}\n`);
      }),
    );
  }
}

void main();
