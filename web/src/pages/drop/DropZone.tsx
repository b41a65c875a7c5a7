import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ROLE_NAMES, ROLES, type Role } from '../../dropped/roles.js';
import { addFiles, clear, files, setRole } from './session.js';

const ACCEPTED = '.onnx,.npy,.npz,.safetensors,.csv,.tsv,.gz,.idx,.bin,.data,.weights';

const size = (bytes: number): string =>
  bytes < 2 ** 20 ? `${Math.max(1, Math.round(bytes / 1024))} KiB` : `${(bytes / 2 ** 20).toPrecision(3)} MiB`;

export interface DropZoneProps {
  /** Files or their roles are other ones now. */
  readonly onChange: () => void;
  readonly onExample: () => void;
}

/** Where files are dropped, or chosen by the keyboard, and what each is taken for. */
export const DropZone = ({ onChange, onExample }: DropZoneProps) => {
  const over = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (list: FileList | null | undefined): void => {
    if (!list || list.length === 0) return;
    addFiles([...list]);
    onChange();
  };
  // The whole page takes files: one that misses a small target would be opened by the browser instead.
  useEffect(() => {
    const dragged = (event: DragEvent): void => {
      event.preventDefault();
      over.value = event.type === 'dragover';
      if (event.type === 'drop') take(event.dataTransfer?.files);
    };
    const kinds = ['dragover', 'dragleave', 'drop'] as const;
    for (const kind of kinds) document.addEventListener(kind, dragged);
    return () => {
      for (const kind of kinds) document.removeEventListener(kind, dragged);
    };
  });
  return (
    <section aria-label="Files">
      <div class={`dropzone${over.value ? ' over' : ''}`}>
        <p>
          <strong>Drop files anywhere on this page</strong>, all at once or one after the other
        </p>
        <dl>
          <dt>A model</dt>
          <dd>encoder.onnx, decoder.onnx (and their weights, if they lie in files beside)</dd>
          <dt>with images</dt>
          <dd>.npy, .npz or IDX, packed by gzip or not; [N, H, W], [N, C, H, W], [N, H, W, C] or flat</dd>
          <dt>or codes</dt>
          <dd>mu with sigma or log_var, or z: .npy, .npz, .safetensors, .csv; a decoder.onnx beside them is used</dd>
          <dt>and labels</dt>
          <dd>whole numbers, one a row: .npy, .csv or IDX</dd>
        </dl>
        <p class="buttons">
          <button type="button" class="play" onClick={() => input.current!.click()}>
            Choose files
          </button>
          <button type="button" class="plain" onClick={onExample}>
            Try with an example
          </button>
        </p>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept={ACCEPTED}
          aria-label="Files to audit"
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = '';
          }}
        />
      </div>
      {files.value.length > 0 && <Files onChange={onChange} />}
    </section>
  );
};

const Files = ({ onChange }: { readonly onChange: () => void }) => (
  <>
    <ul class="files" aria-label="Dropped files">
      {files.value.map(({ file, role }) => (
        <li key={file.name}>
          <span>
            {file.name} <small>{size(file.size)}</small>
          </span>
          <select
            aria-label={`What ${file.name} is`}
            value={role}
            onChange={(event) => {
              setRole(file, event.currentTarget.value as Role);
              onChange();
            }}
          >
            {ROLES.map((each) => (
              <option key={each} value={each}>
                {ROLE_NAMES[each]}
              </option>
            ))}
          </select>
        </li>
      ))}
    </ul>
    <p class="buttons">
      <button type="button" class="plain" onClick={clear}>
        Remove all files
      </button>
    </p>
  </>
);
