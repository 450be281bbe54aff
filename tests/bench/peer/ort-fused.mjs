// ONNX Runtime Web with its own operator for attention in place of ONNX's products and softmax.
import { open as openWith } from './ort.mjs';

export const open = (given) => openWith(given, true);
