import { SerengetiError } from '../../contracts/errors';
import { attribute } from './attributes';
import type { Attribute, Values } from './attributes';
import { GraphDef, NodeDef, VersionDef } from './protocol';
import type { DataType, GraphDefMessage } from './protocol';

/** The output of a node: what layers take and give. */
export interface GraphTensor {
  /** Name of the node, unique in its graph. */
  readonly name: string;
  readonly type: DataType;
  /** −1 stands for a dimension that is known only when the graph runs: the batch. */
  readonly shape: readonly number[];
}

export interface NodeOptions {
  readonly inputs?: readonly GraphTensor[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly type: DataType;
  readonly shape: readonly number[];
}

interface Node extends Required<Pick<NodeOptions, 'inputs' | 'attributes'>> {
  readonly name: string;
  readonly op: string;
}

/**
 * The version that TensorFlow 1.13 wrote. Its ops are the ones used here, so that everything from 1.13 on reads the
 * graphs; a newer number would make old readers refuse them.
 */
const PRODUCER = 27;
/** Graphs without functions have had this form since TensorFlow 1.0, which is the oldest consumer they name. */
const MIN_CONSUMER = 12;

/** Collects the nodes of a TensorFlow graph, in the order in which they are made: the same calls give the same bytes. */
export class GraphBuilder {
  readonly #nodes: Node[] = [];
  /** How often a name was asked for; the second `conv` becomes `conv_1`. */
  readonly #names = new Map<string, number>();

  /** An input of the graph, fed by name when it runs. */
  placeholder(name: string, type: DataType, shape: readonly number[]): GraphTensor {
    return this.node('Placeholder', name, {
      attributes: { dtype: attribute.type(type), shape: attribute.shape(shape) },
      type,
      shape,
    });
  }

  /** Values that are part of the graph. The array is read when the graph is written, not copied before. */
  constant(name: string, values: Values, shape: readonly number[]): GraphTensor {
    const type = typeOf(values);
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== values.length) {
      throw new SerengetiError(
        'MODEL_INVALID',
        `The constant "${name}" has ${values.length} values for the shape [${shape.join(', ')}]`,
      );
    }
    return this.node('Const', name, {
      attributes: { dtype: attribute.type(type), value: attribute.tensor(type, shape, values) },
      type,
      shape,
    });
  }

  /** Any op of TensorFlow 1.13; attributes that have a default may be left out. */
  node(op: string, name: string, { inputs = [], attributes = {}, type, shape }: NodeOptions): GraphTensor {
    const unique = this.#unique(name);
    this.#nodes.push({ name: unique, op, inputs, attributes });
    return { name: unique, type, shape };
  }

  /** The graph as TensorFlow's message. */
  toGraphDef(): GraphDefMessage {
    const versions = new VersionDef();
    versions.setProducer(PRODUCER);
    versions.setMinConsumer(MIN_CONSUMER);
    const graph = new GraphDef();
    graph.setVersions(versions);
    graph.setNodeList(this.#nodes.map(nodeMessage));
    return graph;
  }

  #unique(name: string): string {
    const count = this.#names.get(name) ?? 0;
    this.#names.set(name, count + 1);
    return count === 0 ? name : this.#unique(`${name}_${count}`);
  }
}

function nodeMessage({ name, op, inputs, attributes }: Node): InstanceType<typeof NodeDef> {
  const message = new NodeDef();
  message.setName(name);
  message.setOp(op);
  message.setInputList(inputs.map((input) => input.name));
  for (const [key, value] of Object.entries(attributes)) message.getAttrMap().set(key, value);
  return message;
}

function typeOf(values: Values): DataType {
  if (values instanceof Float32Array) return 'float32';
  return values instanceof Int32Array ? 'int32' : 'uint8';
}
