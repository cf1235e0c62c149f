import { kindOfLabel, normalizedLabel } from '../contracts/labelNames';
import { named, type CameraEvent, type EventSource, type PredictedEvents } from '../export';
import { estimateAccuracy, isRight, type Accuracy } from './accuracy';
import { agreements, type Agreement } from './agreement';
import { ReviewJournal } from './journal';
import type { Mark, ReviewRecord } from './mark';
import { findingOf, Marks, type Opinions } from './marks';
import { Listing, type ViewRequest } from './views';

/** Answers of the model that are shown of a sequence. */
export const ANSWERS = 5;
/** For photographs that nobody could tell, or on which people disagree. */
const UNDETERMINED = 'unknown';
const PERSON = 'person';

/** By this name the labels that a season has already stand beside those of people. */
const METADATA = 'metadata';

/** What can be reviewed. */
export interface Reviewable extends PredictedEvents {
  /** Labels that the sequences have already, by their names. */
  readonly known?: ReadonlyMap<string, readonly string[]>;
}

/** A sequence as the page shows it to one person. */
export interface ReviewRow {
  readonly position: number;
  readonly sequence: string;
  readonly site: string;
  readonly taken: string;
  /** Names of the files, in the order in which they were taken. */
  readonly photographs: readonly string[];
  /** The most probable first. */
  readonly answers: readonly (readonly [label: string, probability: number])[];
  /** What this person said: empty where they could not tell, absent where they have not looked. */
  readonly mine?: readonly string[];
  /** What others said. Only who has looked is told, so that nobody says what others have said. */
  readonly others?: readonly { readonly by: string; readonly labels: readonly string[] }[];
}

export interface ReviewProgress {
  readonly sequences: number;
  /** Sequences that somebody looked at. */
  readonly reviewed: number;
  readonly disputed: number;
  readonly undetermined: number;
  /** Of those that people agree on, in how many the model was right: no estimate for the others. */
  readonly right: number;
  readonly people: readonly { readonly by: string; readonly marks: number }[];
  readonly agreements: readonly Agreement[];
  readonly accuracy: Accuracy;
}

/** The people's look at what a model said of a folder of photographs, or of a season. */
export class Review {
  readonly listing: Listing;
  readonly emptyClass: string;
  /** What people can choose: the classes of the model, and what else was said. */
  readonly #classes: Map<string, string>;
  readonly #positions: ReadonlyMap<string, number>;
  readonly #marks = new Marks();
  #journal!: ReviewJournal;
  readonly #known: Reviewable['known'];
  readonly classifiedBy: string | undefined;

  private constructor(predicted: Reviewable) {
    this.listing = new Listing(predicted.events);
    this.emptyClass = predicted.emptyClass;
    this.classifiedBy = predicted.classifiedBy;
    this.#classes = new Map(predicted.classes.map((name) => [normalizedLabel(name), name]));
    this.#positions = new Map(this.listing.sequences.map(({ name }, position) => [name, position]));
    this.#known = predicted.known;
  }

  /**
   * @param predicted - with as many answers as {@link ANSWERS}
   * @param path - of the journal
   */
  static async open(predicted: Reviewable, path: string): Promise<Review> {
    const review = new Review(predicted);
    review.#journal = await ReviewJournal.open(path, (record) => review.#take(record));
    return review;
  }

  async close(): Promise<void> {
    await this.#journal.close();
  }

  get classes(): string[] {
    return [...this.#classes.values()];
  }

  /** How the classes call a person. */
  get personClass(): string {
    return this.classes.find((name) => kindOfLabel(name, this.emptyClass) === 'person') ?? PERSON;
  }

  /** Lines of the journal that could not be read. */
  get unreadable(): number {
    return this.#journal.unreadable;
  }

  /** @returns whether there is such a sequence; the mark is on disk then */
  async mark(mark: Mark): Promise<boolean> {
    if (!this.#positions.has(mark.sequence)) return false;
    // A class is always written in one way.
    const labels = mark.labels?.map((label) => this.#classes.get(normalizedLabel(label)) ?? label) ?? null;
    await this.#journal.append({ ...mark, labels });
    return true;
  }

  /** What other processes have added counts, too. */
  async view(request: ViewRequest): Promise<Uint32Array> {
    await this.#journal.refresh();
    return this.listing.view(request, this.#marks);
  }

  row(position: number, by: string): ReviewRow {
    const { event, name: sequence, site, taken } = this.listing.sequences[position]!;
    const opinions = this.#marks.of(sequence);
    const mine = opinions.get(by);
    const known = this.#known?.get(sequence);
    const others = [...othersOf(opinions, by), ...(known === undefined ? [] : [{ by: METADATA, labels: known }])];
    return {
      position,
      sequence,
      site,
      taken,
      photographs: event.photographs.map(({ file }) => file),
      answers: event.labels.map(({ label, probability = 0 }) => [label, probability]),
      ...(mine === undefined ? {} : { mine, others }),
    };
  }

  progress(): ReviewProgress {
    const people = new Map<string, number>();
    const counts = { reviewed: 0, disputed: 0, undetermined: 0, right: 0 };
    for (const [sequence, opinions] of this.#marks.all()) {
      const position = this.#positions.get(sequence);
      if (position === undefined) continue;
      for (const by of opinions.keys()) people.set(by, (people.get(by) ?? 0) + 1);
      const finding = findingOf(opinions)!;
      counts.reviewed += 1;
      if (finding.state !== 'agreed') counts[finding.state] += 1;
      else counts.right += Number(isRight(this.listing.sequences[position]!.answer, finding.labels));
    }
    return {
      sequences: this.listing.sequences.length,
      ...counts,
      people: [...people].map(([by, marks]) => ({ by, marks })).sort((a, b) => b.marks - a.marks),
      agreements: agreements(this.#marks),
      accuracy: estimateAccuracy(this.#drawn(), this.listing.sequences.length),
    };
  }

  /** What people said, as events. Sequences that nobody has looked at are no part of it. */
  reviewed(): EventSource {
    const reviewed = this.listing.sequences.filter(({ name }) => this.#marks.of(name).size > 0);
    return this.corrected({ emptyClass: this.emptyClass, events: reviewed.map(({ event }) => event) });
  }

  /** Events with what people said of them; those that nobody has looked at stay as they are. */
  corrected({ emptyClass, events }: EventSource): EventSource {
    return { emptyClass, events: this.#correctedEvents(events) };
  }

  async *#correctedEvents(events: EventSource['events']): AsyncGenerator<CameraEvent> {
    for await (const event of events) {
      const opinions = this.#marks.of(named(event, event.id));
      const finding = findingOf(opinions);
      if (finding === undefined) yield event;
      else {
        const labels = finding.state === 'agreed' ? finding.labels : [UNDETERMINED];
        yield {
          ...event,
          labels: labels.map((label) => ({ label })),
          classifiedBy: [...opinions.keys()].sort().join('; '),
        };
      }
    }
  }

  *#drawn() {
    for (const position of this.listing.order('random')) {
      const { answer, name } = this.listing.sequences[position]!;
      yield { answer, opinions: this.#marks.of(name) };
    }
  }

  #take(record: ReviewRecord): void {
    this.#marks.take(record);
    for (const label of record.labels ?? []) {
      if (!this.#classes.has(normalizedLabel(label))) this.#classes.set(normalizedLabel(label), label);
    }
  }
}

function othersOf(opinions: Opinions, by: string) {
  return [...opinions].flatMap(([other, labels]) => (other === by ? [] : { by: other, labels }));
}
