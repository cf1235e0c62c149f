import type { Rank, Tensor2D, Variable } from '@tensorflow/tfjs-node-gpu';
import { runOperation, tensorflow } from '../runtime';
import type { Turns } from '../learning/turns';
import type { TrainingSet } from './trainingSet';

/**
 * Share of the mean variance in the covariance within classes, of which a few hundred frames tell little for a thousand
 * features: Friedman 1989, equation 18.
 */
const SHRINKAGE = 0.5;

/**
 * How the weights of a head are measured where their size is penalised. Directions in which frames of one class differ
 * much, as they do by ground, light and grass, are held back more: the penalty is on the weights of whitened features. The
 * stronger it is, the closer a head without hidden layers comes to linear discriminant analysis.
 */
export class Metric {
  /** @param factor - F, [width, width], where F Fᵀ is the inverse of the covariance within classes */
  private constructor(private readonly factor: Tensor2D) {}

  /** Of the rows that are learned from; those with the same labels are of one class. Held until disposed of. */
  static async within(trainingSet: TrainingSet, turns: Turns): Promise<Metric> {
    const covariance = await covarianceWithin(trainingSet, turns);
    try {
      return new Metric(inverseRoot(covariance));
    } finally {
      covariance.dispose();
    }
  }

  /** The weights of features, [width, outputs], that are these weights of whitened features. */
  weightsOf(whitened: Tensor2D): Tensor2D {
    return tensorflow().matMul(this.factor, whitened);
  }

  /** The derivatives by weights of whitened features, [width, outputs], that are these by weights of features. */
  derivativesOf(plain: Tensor2D): Tensor2D {
    return tensorflow().matMul(this.factor, plain, true);
  }

  dispose(): void {
    this.factor.dispose();
  }
}

/** The inverse of Lᵀ, of a matrix that is L Lᵀ. */
function inverseRoot(matrix: Tensor2D): Tensor2D {
  const tf = tensorflow();
  return tf.tidy(() => {
    const root = runOperation<Tensor2D>('Cholesky', [matrix]);
    const identity = tf.eye(root.shape[0]);
    return runOperation<Tensor2D>('MatrixTriangularSolve', [root, identity], { lower: true, adjoint: true });
  });
}

/** (1 − s) Σ + s tr(Σ) / width · I, Σ the weighted covariance of features around the means of their classes. */
async function covarianceWithin(trainingSet: TrainingSet, turns: Turns): Promise<Tensor2D> {
  const tf = tensorflow();
  const classes = classesOf(trainingSet);
  const width = trainingSet.blocks.standardisation.centre.length;
  const sums = zeros([classes.size, width]);
  const weights = zeros([classes.size, 1]);
  const scatter = zeros([width, width]);
  /** Calls `add` with features, and whether each row, by its weight, is of each class: [rows, width], [rows, classes]. */
  const forEachBlock = async (add: (features: Tensor2D, members: Tensor2D) => void) => {
    for await (const { rows, features } of trainingSet.blocks) {
      tf.tidy(() => add(features, membersOf(trainingSet, rows, classes)));
      await turns.take();
    }
  };
  try {
    await forEachBlock((features, members) => {
      sums.assign(sums.add(members.matMul(features, true)));
      weights.assign(weights.add(members.sum(0).expandDims(1)));
    });
    tf.tidy(() => sums.assign(sums.div(weights)));
    await forEachBlock((features, members) => {
      const deviations = features.sub(members.sign().matMul(sums)).mul<Tensor2D>(members.sum(1, true).sqrt());
      scatter.assign(scatter.add(deviations.matMul(deviations, true)));
    });
    return tf.tidy(() => shrunk(scatter.div(weights.sum())));
  } finally {
    tf.dispose([sums, weights, scatter]);
  }
}

/** To add to. Held until disposed of. */
function zeros(shape: [number, number]): Variable<Rank.R2> {
  const tf = tensorflow();
  return tf.tidy(() => tf.variable(tf.zeros<Rank.R2>(shape), false));
}

function shrunk(covariance: Tensor2D): Tensor2D {
  const identity = tensorflow().eye(covariance.shape[0]);
  const meanVariance = covariance.mul(identity).sum().div<Tensor2D>(covariance.shape[0]);
  return covariance.mul(1 - SHRINKAGE).add(identity.mul(meanVariance).mul(SHRINKAGE));
}

/** A number for each set of labels that a row which is learned from has. */
function classesOf({ blocks, examples, isLearned }: TrainingSet): Map<string, number> {
  const classes = new Map<string, number>();
  for (const row of blocks.rows) {
    const labels = examples.classesOf(row).join();
    if (isLearned(row) && !classes.has(labels)) classes.set(labels, classes.size);
  }
  return classes;
}

/** What each row counts, in the column of its class: [rows, classes]. */
function membersOf({ examples, isLearned }: TrainingSet, rows: Uint32Array, classes: Map<string, number>): Tensor2D {
  const members = new Float32Array(rows.length * classes.size);
  examples.weights(rows).forEach((weight, i) => {
    const row = rows[i]!;
    if (isLearned(row)) members[i * classes.size + classes.get(examples.classesOf(row).join())!] = weight;
  });
  return tensorflow().tensor2d(members, [rows.length, classes.size]);
}
