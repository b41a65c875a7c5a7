import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { NumberField, Select } from './Controls.js';
import * as session from './session.js';
import { state } from './state.js';

const ACCEPTED = '.gz,.idx,.npy,image/*';

const bytesOf = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

/** Sorts what was given: two ONNX files are a VAE to begin with, all else is data. Returns what is amiss. */
const take = async (given: readonly File[]): Promise<string> => {
  const models = given.filter(({ name }) => name.endsWith('.onnx'));
  const data = given.filter((file) => !models.includes(file));
  if (data.length > 0) session.files.value = data;
  if (models.length === 0) return '';
  const [encoder, decoder] = ['encoder', 'decoder'].map((part) => models.find(({ name }) => name.includes(part)));
  if (models.length !== 2 || !encoder || !decoder) {
    return `A VAE: expected encoder.onnx and decoder.onnx, got ${models.map(({ name }) => name).join(' and ')}`;
  }
  session.saved.value = { encoder: await bytesOf(encoder), decoder: await bytesOf(decoder) };
  return '';
};

interface FilesProps {
  readonly label: string;
  readonly note: string;
  readonly accept: string;
  readonly onFiles: (files: readonly File[]) => void;
}

const Files = ({ label, note, accept, onFiles }: FilesProps) => {
  const id = useId();
  return (
    <div class="files">
      <label class="field">
        <span>{label}</span>
        <input
          type="file"
          multiple
          accept={accept}
          aria-describedby={id}
          onChange={({ currentTarget }) => onFiles([...(currentTarget.files ?? [])])}
        />
      </label>
      <small id={id}>{note}</small>
    </div>
  );
};

export interface SourcesProps {
  readonly images: number;
  readonly locked: boolean;
}

/** Which images are learned from, and which weights are begun with: by choice, or dropped anywhere on the page. */
export const Sources = ({ images, locked }: SourcesProps) => {
  const amiss = useSignal('');
  const chosen = useSignal(false);
  const onFiles = (files: readonly File[]): void => {
    void take(files).then((fault) => {
      amiss.value = fault;
    });
  };
  useEffect(() => {
    const over = (event: DragEvent): void => event.preventDefault();
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      if (!locked && event.dataTransfer) onFiles([...event.dataTransfer.files]);
    };
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  });
  const files = session.files.value;
  const own = chosen.value || files.length > 0;
  return (
    <fieldset class="settings" disabled={locked}>
      <Select
        label="Data"
        value={own ? 'files' : 'glyphs'}
        options={['glyphs', 'files']}
        words={(name) => (name === 'glyphs' ? 'glyphs' : 'your files')}
        onChange={(name) => {
          chosen.value = name === 'files';
          if (name === 'glyphs') session.files.value = [];
        }}
      />
      {own ? (
        <Files
          label="Images"
          accept={ACCEPTED}
          note={
            files.length > 0
              ? `${files
                  .map(({ name }) => name)
                  .slice(0, 4)
                  .join(', ')}${files.length > 4 ? ` and ${files.length - 4} more` : ''}`
              : 'IDX (.gz too), .npy of grey images, or pictures; labels beside them. Or drop them on the page.'
          }
          onFiles={onFiles}
        />
      ) : (
        <NumberField
          label="Glyphs to train on"
          value={images}
          min={600}
          max={60_000}
          step={600}
          onChange={(count) => state.set({ images: count })}
        />
      )}
      {session.saved.value ? (
        <p class="begin">
          Begins with the VAE that you gave.{' '}
          <button type="button" onClick={() => (session.saved.value = undefined)}>
            Begin with random weights
          </button>
        </p>
      ) : (
        <Files
          label="Begin with a saved VAE"
          accept=".onnx"
          note="encoder.onnx and decoder.onnx of a training."
          onFiles={onFiles}
        />
      )}
      {amiss.value !== '' && (
        <p class="fault" role="alert">
          {amiss.value}
        </p>
      )}
    </fieldset>
  );
};
