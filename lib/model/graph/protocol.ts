/**
 * TensorFlow's message classes, as far as the writer needs them. They are plain protocol buffer code: nothing of
 * TensorFlow itself is loaded. The package ships them without types.
 */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const messages = require('@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js') as MessageClasses;

export const { SavedModel, MetaGraphDef, GraphDef, NodeDef, AttrValue, Tensor, TensorShape } = messages;
export const { TensorInfo, SignatureDef, VersionDef } = messages;

/** Element types of a graph, with their numbers in `types.proto`. */
export const DATA_TYPES = { float32: 1, uint8: 4, int32: 3 } as const;

export type DataType = keyof typeof DATA_TYPES;

interface MapField<V> {
  set(key: string, value: V): void;
}

export interface TensorShapeMessage {
  addDim(dim: DimMessage): DimMessage;
}

interface DimMessage {
  setSize(size: number): void;
}

export interface TensorMessage {
  setDtype(type: number): void;
  setTensorShape(shape: TensorShapeMessage): void;
  setTensorContent(bytes: Uint8Array): void;
}

interface ListValueMessage {
  setIList(values: readonly number[]): void;
}

export interface AttrValueMessage {
  setS(bytes: Uint8Array): void;
  setI(value: number): void;
  setType(type: number): void;
  setShape(shape: TensorShapeMessage): void;
  setTensor(tensor: TensorMessage): void;
  setList(list: ListValueMessage): void;
}

export interface NodeDefMessage {
  setName(name: string): void;
  setOp(op: string): void;
  setInputList(inputs: readonly string[]): void;
  getAttrMap(): MapField<AttrValueMessage>;
}

interface VersionDefMessage {
  setProducer(version: number): void;
  setMinConsumer(version: number): void;
}

export interface GraphDefMessage {
  setNodeList(nodes: readonly NodeDefMessage[]): void;
  setVersions(versions: VersionDefMessage): void;
}

export interface TensorInfoMessage {
  setName(name: string): void;
  setDtype(type: number): void;
  setTensorShape(shape: TensorShapeMessage): void;
}

export interface SignatureDefMessage {
  getInputsMap(): MapField<TensorInfoMessage>;
  getOutputsMap(): MapField<TensorInfoMessage>;
  setMethodName(name: string): void;
}

interface MetaInfoMessage {
  setTagsList(tags: readonly string[]): void;
  setTensorflowVersion(version: string): void;
}

interface MetaGraphDefMessage {
  setMetaInfoDef(info: MetaInfoMessage): void;
  setGraphDef(graph: GraphDefMessage): void;
  getSignatureDefMap(): MapField<SignatureDefMessage>;
}

interface SavedModelMessage {
  setSavedModelSchemaVersion(version: number): void;
  setMetaGraphsList(graphs: readonly MetaGraphDefMessage[]): void;
  serializeBinary(): Uint8Array;
}

interface MessageClasses {
  SavedModel: new () => SavedModelMessage;
  MetaGraphDef: (new () => MetaGraphDefMessage) & { MetaInfoDef: new () => MetaInfoMessage };
  GraphDef: new () => GraphDefMessage;
  NodeDef: new () => NodeDefMessage;
  AttrValue: (new () => AttrValueMessage) & { ListValue: new () => ListValueMessage };
  Tensor: new () => TensorMessage;
  TensorShape: (new () => TensorShapeMessage) & { Dim: new () => DimMessage };
  TensorInfo: new () => TensorInfoMessage;
  SignatureDef: new () => SignatureDefMessage;
  VersionDef: new () => VersionDefMessage;
}
