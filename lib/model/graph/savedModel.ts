import { join } from 'node:path';
import { makeFolder, writeFileAtomic } from '../../io/files';
import { shapeMessage } from './attributes';
import type { GraphBuilder, GraphTensor } from './graphBuilder';
import { DATA_TYPES, MetaGraphDef, SavedModel, SignatureDef, TensorInfo } from './protocol';
import type { SignatureDefMessage, TensorInfoMessage } from './protocol';

/** What TensorFlow Serving and every loader ask for by default. */
export const SERVING_TAG = 'serve';
export const SERVING_SIGNATURE = 'serving_default';

const PREDICT_METHOD = 'tensorflow/serving/predict';
const SCHEMA_VERSION = 1;
/** The oldest release that the graphs are meant for; see the graph's own version numbers. */
const WRITTEN_FOR = '1.14.0';

/** Inputs and outputs by the names that callers use. */
export interface Signature {
  readonly inputs: Readonly<Record<string, GraphTensor>>;
  readonly outputs: Readonly<Record<string, GraphTensor>>;
}

/**
 * Writes a frozen graph as a SavedModel: `saved_model.pb` and an empty `variables/`. The same graph gives the same
 * bytes, and the file appears whole or not at all, so that two processes may write it at the same time.
 *
 * @param directory - made when it is not there. TensorFlow Serving expects it to be named by a version: `1`, `2`, …
 * @param more - other ways to use the graph, by their names
 */
export async function writeSavedModel(
  graph: GraphBuilder,
  signature: Signature,
  directory: string,
  more: Readonly<Record<string, Signature>> = {},
): Promise<void> {
  // TensorFlow 1 looks into the folder even when the graph has no variables.
  await makeFolder(join(directory, 'variables'));
  await writeFileAtomic(join(directory, 'saved_model.pb'), encodeSavedModel(graph, signature, more));
}

/** The bytes of `saved_model.pb`. */
export function encodeSavedModel(
  graph: GraphBuilder,
  signature: Signature,
  more: Readonly<Record<string, Signature>> = {},
): Uint8Array {
  const info = new MetaGraphDef.MetaInfoDef();
  info.setTagsList([SERVING_TAG]);
  info.setTensorflowVersion(WRITTEN_FOR);
  const metaGraph = new MetaGraphDef();
  metaGraph.setMetaInfoDef(info);
  metaGraph.setGraphDef(graph.toGraphDef());
  for (const [name, each] of Object.entries({ [SERVING_SIGNATURE]: signature, ...more })) {
    metaGraph.getSignatureDefMap().set(name, signatureMessage(each));
  }
  const savedModel = new SavedModel();
  savedModel.setSavedModelSchemaVersion(SCHEMA_VERSION);
  savedModel.setMetaGraphsList([metaGraph]);
  return savedModel.serializeBinary();
}

function signatureMessage({ inputs, outputs }: Signature): SignatureDefMessage {
  const message = new SignatureDef();
  for (const [name, symbol] of Object.entries(inputs)) message.getInputsMap().set(name, tensorInfo(symbol));
  for (const [name, symbol] of Object.entries(outputs)) message.getOutputsMap().set(name, tensorInfo(symbol));
  message.setMethodName(PREDICT_METHOD);
  return message;
}

function tensorInfo({ name, type, shape }: GraphTensor): TensorInfoMessage {
  const info = new TensorInfo();
  info.setName(`${name}:0`);
  info.setDtype(DATA_TYPES[type]);
  info.setTensorShape(shapeMessage(shape));
  return info;
}
