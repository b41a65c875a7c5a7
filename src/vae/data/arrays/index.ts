export { type ArrayData, ELEMENT_TYPES, type ElementType, swapBytes, toFloat32 } from './elementTypes.js';
export { type Filling, fillingOf, type NpyArray, PIECE, readNpy, type WrittenData, writeNpy } from './npy.js';
export { NPY_HEAD, type NpyHeader, readNpyHeader, sizeOf } from './npyHeader.js';
