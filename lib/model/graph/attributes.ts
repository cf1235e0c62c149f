import { AttrValue, DATA_TYPES, Tensor, TensorShape } from './protocol';
import type { AttrValueMessage, DataType, TensorShapeMessage } from './protocol';

/** A node's attribute, made by one of the functions of {@link attribute}. */
export type Attribute = AttrValueMessage;

/** Constant or placeholder values: a typed array whose element type is the tensor's. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** The attribute kinds of TensorFlow's ops, by what they hold. */
export const attribute = {
  type: (type: DataType): Attribute => fill((value) => value.setType(DATA_TYPES[type])),
  text: (text: string): Attribute => fill((value) => value.setS(Buffer.from(text))),
  integer: (integer: number): Attribute => fill((value) => value.setI(integer)),
  shape: (shape: readonly number[]): Attribute => fill((value) => value.setShape(shapeMessage(shape))),
  integers: (integers: readonly number[]): Attribute =>
    fill((value) => {
      const list = new AttrValue.ListValue();
      list.setIList(integers);
      value.setList(list);
    }),
  tensor: (type: DataType, shape: readonly number[], values: Values): Attribute =>
    fill((value) => {
      const tensor = new Tensor();
      tensor.setDtype(DATA_TYPES[type]);
      tensor.setTensorShape(shapeMessage(shape));
      // TensorFlow reads the content in the machine's byte order; every platform it runs on is little-endian.
      tensor.setTensorContent(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      value.setTensor(tensor);
    }),
};

/** @param shape - −1 stands for a dimension that is known only when the graph runs. */
export function shapeMessage(shape: readonly number[]): TensorShapeMessage {
  const message = new TensorShape();
  for (const size of shape) {
    const dim = new TensorShape.Dim();
    dim.setSize(size);
    message.addDim(dim);
  }
  return message;
}

function fill(set: (value: AttrValueMessage) => void): Attribute {
  const value = new AttrValue();
  set(value);
  return value;
}
