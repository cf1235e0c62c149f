import { LEAST_PROBABILITY, MOST_PROBABILITY, priorShift, type CorrectionRule } from '../corrections';
import { attribute, type GraphBuilder, type GraphTensor } from '../graph';

/**
 * The graph of what the library does to a sequence's probabilities, for one that has a single photograph: priors corrected,
 * then calibrated. The formulas are those of {@link ModelCard.samplingRates} and {@link ModelCard.calibration}.
 *
 * @param probabilities - [photographs, classes]
 */
export function correctedOutput(graph: GraphBuilder, probabilities: GraphTensor, rule: CorrectionRule): GraphTensor {
  return new CorrectionGraph(graph, probabilities.shape, rule).of(probabilities);
}

class CorrectionGraph {
  constructor(
    private readonly graph: GraphBuilder,
    private readonly shape: readonly number[],
    private readonly rule: CorrectionRule,
  ) {}

  of(probabilities: GraphTensor): GraphTensor {
    return this.rule.output === 'softmax' ? this.#softmax(probabilities) : this.#sigmoid(probabilities);
  }

  #softmax(p: GraphTensor): GraphTensor {
    const { own } = priorShift(this.rule);
    const corrected = this.#node('Softmax', this.#log(this.#times(p, own)));
    if (this.rule.calibration === undefined) return corrected;
    const limited = this.#log(this.#limit(corrected, LEAST_PROBABILITY, MOST_PROBABILITY));
    return this.#node('Softmax', this.#calibrated(limited));
  }

  #sigmoid(p: GraphTensor): GraphTensor {
    const { own, empties, others } = priorShift(this.rule);
    const otherwise = this.#node('Sub', this.#constant(1), p);
    const emptyInstead = this.#node('Minimum', this.#emptyColumn(p), otherwise);
    const othersInstead = this.#node('Sub', otherwise, emptyInstead);
    const shown = this.#times(p, own);
    const hidden = this.#node('Add', this.#times(emptyInstead, empties), this.#times(othersInstead, others));
    if (this.rule.calibration === undefined) return this.#node('RealDiv', shown, this.#node('Add', shown, hidden));
    const logit = this.#node('Sub', this.#log(shown), this.#log(hidden));
    const limited = this.#limit(logit, logitOf(LEAST_PROBABILITY), logitOf(MOST_PROBABILITY));
    return this.#node('Sigmoid', this.#calibrated(limited));
  }

  #calibrated(logits: GraphTensor): GraphTensor {
    const { temperature, bias } = this.rule.calibration!;
    return this.#node('Add', this.#times(logits, [1 / temperature]), this.#constant(...bias));
  }

  #emptyColumn(p: GraphTensor): GraphTensor {
    const { classes, emptyClass } = this.rule;
    const begin = this.graph.constant('corrected/begin', Int32Array.of(0, classes.indexOf(emptyClass)), [2]);
    const size = this.graph.constant('corrected/size', Int32Array.of(-1, 1), [2]);
    const attributes = { T: attribute.type('float32'), Index: attribute.type('int32') };
    const inputs = [p, begin, size];
    return this.graph.node('Slice', 'corrected/empty', { inputs, attributes, type: 'float32', shape: [-1, 1] });
  }

  #limit(x: GraphTensor, least: number, most: number): GraphTensor {
    return this.#node('Minimum', this.#node('Maximum', x, this.#constant(least)), this.#constant(most));
  }

  #times(x: GraphTensor, factors: Iterable<number>): GraphTensor {
    return this.#node('Mul', x, this.#constant(...factors));
  }

  #log(x: GraphTensor): GraphTensor {
    return this.#node('Log', x);
  }

  /** One value for all classes, or one for each. */
  #constant(...values: number[]): GraphTensor {
    const shape = values.length === 1 ? [] : [values.length];
    return this.graph.constant('corrected/constant', Float32Array.from(values), shape);
  }

  #node(op: string, ...inputs: GraphTensor[]): GraphTensor {
    const attributes = { T: attribute.type('float32') };
    return this.graph.node(op, `corrected/${op.toLowerCase()}`, {
      inputs,
      attributes,
      type: 'float32',
      shape: this.shape,
    });
  }
}

function logitOf(probability: number): number {
  return Math.log(probability / (1 - probability));
}
