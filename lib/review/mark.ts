import { z } from 'zod';
import { normalizedLabel } from '../contracts/labelNames';

/** Text of one line that shows. */
const line = (longest: number): z.ZodString =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\u2028\u2029]+$/u, 'must be one line without control characters');

/** A person's name, as typed on the page. It tells marks apart and proves nothing. */
export const reviewerSchema = line(60);

export const markSchema = z.object({
  /** Of the sequence. */
  sequence: z.string().min(1).max(4096),
  by: reviewerSchema,
  /** What the sequence shows; empty where the person cannot tell, `null` where they took their mark back. */
  labels: z.array(line(100)).max(10).nullable(),
});

/** What one person said of one sequence. */
export type Mark = z.output<typeof markSchema>;

/** A mark as the journal has it. */
export const recordSchema = markSchema.extend({ at: z.iso.datetime() });
export type ReviewRecord = z.output<typeof recordSchema>;

/** The same for two people who said the same, in whatever order and case they said it. */
export function answerOf(labels: readonly string[]): string {
  return JSON.stringify([...new Set(labels.map(normalizedLabel))].sort());
}
