import { download } from '../../figures/save.js';

export const saveModels = ({
  encoder,
  decoder,
}: {
  readonly encoder: Uint8Array;
  readonly decoder: Uint8Array;
}): void => {
  for (const [name, bytes] of Object.entries({ 'encoder.onnx': encoder, 'decoder.onnx': decoder })) {
    download(name, new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' }));
  }
};
