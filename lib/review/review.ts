import { kindOfLabel, normalizedLabel } from '../contracts/labelNames';
import type { CameraEvent, EventSource, PredictedEvents } from '../export';
import { estimateAccuracy, isRight, type Accuracy } from './accuracy';
import { agreements, type Agreement } from './agreement';
import { ReviewJournal } from './journal';
import type { Mark } from './mark';
import { findingOf, Marks, type Opinions } from './marks';
import { Listing, type ViewRequest } from './views';

/** Answers of the model that are shown of a sequence. */
export const ANSWERS = 5;
/** For photographs that nobody could tell, or on which people disagree. */
const UNDETERMINED = 'unknown';
const PERSON = 'person';

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
  readonly #marks: Marks;
  readonly #journal: ReviewJournal;
  readonly classifiedBy: string | undefined;

  private constructor(predicted: PredictedEvents, marks: Marks, journal: ReviewJournal) {
    this.listing = new Listing(predicted.events);
    this.emptyClass = predicted.emptyClass;
    this.classifiedBy = predicted.classifiedBy;
    this.#classes = new Map(predicted.classes.map((name) => [normalizedLabel(name), name]));
    this.#positions = new Map(predicted.events.map(({ id }, position) => [id, position]));
    this.#marks = marks;
    this.#journal = journal;
    for (const [, opinions] of marks.all()) for (const labels of opinions.values()) this.#learn(labels);
  }

  /**
   * @param predicted - with as many answers as {@link ANSWERS}
   * @param path - of the journal
   */
  static async open(predicted: PredictedEvents, path: string): Promise<Review> {
    const marks = new Marks();
    const journal = await ReviewJournal.open(path, (record) => marks.take(record));
    return new Review(predicted, marks, journal);
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
    this.#learn(labels ?? []);
    return true;
  }

  /** What other processes have added counts, too. */
  async view(request: ViewRequest): Promise<Uint32Array> {
    await this.#journal.refresh();
    return this.listing.view(request, this.#marks);
  }

  row(position: number, by: string): ReviewRow {
    const { event, site, taken } = this.listing.sequences[position]!;
    const opinions = this.#marks.of(event.id);
    const mine = opinions.get(by);
    return {
      position,
      sequence: event.id,
      site,
      taken,
      photographs: event.photographs.map(({ file }) => file),
      answers: event.labels.map(({ label, probability = 0 }) => [label, probability]),
      ...(mine === undefined ? {} : { mine, others: othersOf(opinions, by) }),
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
    return { emptyClass: this.emptyClass, events: this.#reviewedEvents() };
  }

  *#reviewedEvents(): Generator<CameraEvent> {
    for (const { event } of this.listing.sequences) {
      const opinions = this.#marks.of(event.id);
      const finding = findingOf(opinions);
      if (finding === undefined) continue;
      const labels = finding.state === 'agreed' ? finding.labels : [UNDETERMINED];
      const classifiedBy = [...opinions.keys()].sort().join('; ');
      yield { ...event, labels: labels.map((label) => ({ label })), classifiedBy };
    }
  }

  *#drawn() {
    for (const position of this.listing.order('random')) {
      const { answer, event } = this.listing.sequences[position]!;
      yield { answer, opinions: this.#marks.of(event.id) };
    }
  }

  #learn(labels: readonly string[]): void {
    for (const label of labels) {
      if (!this.#classes.has(normalizedLabel(label))) this.#classes.set(normalizedLabel(label), label);
    }
  }
}

function othersOf(opinions: Opinions, by: string): ReviewRow['others'] {
  return [...opinions].flatMap(([other, labels]) => (other === by ? [] : { by: other, labels }));
}
