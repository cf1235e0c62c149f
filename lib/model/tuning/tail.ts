import type { Tensor, Tensor2D } from '@tensorflow/tfjs-node-gpu';
import { runStages, type Backbone, type Pooling, type Stage, type State } from '../backbones';
import { TensorLayers, type Parameters } from '../graph';
import type { Head } from '../head';
import { headOf, headShapes, parametersOf } from '../head/learner';
import { logitsOf } from '../head/network';
import type { ParameterShapes } from '../learning/adam';

/** What learns: the last stages of a backbone and the head. */
export class Tail {
  readonly #stages: readonly Stage[];
  readonly #pooling: Pooling;
  readonly #head: Head;
  /** Of the stages; the head's follow them in every list. */
  readonly #published: Parameters;

  /** @param cut - number of the first stage that learns */
  constructor(backbone: Backbone, parameters: Parameters, cut: number, pooling: Pooling, head: Head) {
    this.#stages = backbone.stages.slice(cut);
    this.#pooling = pooling;
    this.#head = head;
    const isOurs = (name: string) => this.#stages.some((stage) => name.startsWith(`${stage.name}/`));
    this.#published = new Map([...parameters].filter(([name]) => isOurs(name)));
  }

  get output(): Head['output'] {
    return this.#head.output;
  }

  get stageNames(): string[] {
    return this.#stages.map(({ name }) => name);
  }

  get shapes(): ParameterShapes {
    const own = [...this.#published].map(([name, { shape }]) => [name, shape] as const);
    return new Map([...own, ...headShapes(this.#head)]);
  }

  /** Where it begins: as published, and the head as it was trained. */
  get values(): Float32Array[] {
    return [...[...this.#published.values()].map(({ data }) => data), ...parametersOf(this.#head)];
  }

  /** The values before the last activation, [photographs, classes]. @param maps - what flows into the first stage */
  logitsOf(maps: State<Tensor>, values: readonly Tensor[], dropOut?: (x: Tensor2D) => Tensor2D): Tensor2D {
    const names = [...this.#published.keys()];
    const layers = new TensorLayers(new Map(names.map((name, position) => [name, values[position]!])));
    const [last] = runStages(this.#stages, layers, maps);
    const features = layers.globalPool(last, this.#pooling) as Tensor2D;
    return logitsOf(features, values.slice(names.length), dropOut);
  }

  /** Values as the backbone's parameters and the head that they are. */
  split(values: readonly Float32Array[]): { parameters: Parameters; head: Head } {
    const own = [...this.#published].map(
      ([name, { shape }], position) => [name, { shape, data: values[position]! }] as const,
    );
    return { parameters: new Map(own), head: headOf(this.#head, values.slice(own.length)) };
  }
}
