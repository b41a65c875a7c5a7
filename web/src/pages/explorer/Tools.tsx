import { type ExplorerValues, explorer, TOOLS, type Tool } from './state.js';

const TOOL_NAMES: Readonly<Record<Tool, string>> = {
  look: 'Move the point',
  pick: 'Pick two codes',
  pan: 'Move the picture',
};
const ZOOM = 1.4;

export interface ToolsProps {
  readonly values: ExplorerValues;
  readonly onZoom: (by: number) => void;
  readonly onWhole: () => void;
}

const hint = ({ tool, held, from, to }: ExplorerValues): string => {
  if (tool === 'pan') return 'Drag, or turn the wheel.';
  if (tool === 'look')
    return held === 'yes' ? 'The point is held: click to let it follow again.' : 'Click holds the point.';
  return from >= 0 && to < 0 ? 'Now the second code.' : 'Click the first code.';
};

/** What the pointer does on the plane. */
export const Tools = ({ values, onZoom, onWhole }: ToolsProps) => (
  <div class="tools">
    <fieldset class="choices">
      <legend>Pointer</legend>
      {TOOLS.map((tool) => (
        <label key={tool}>
          <input type="radio" name="tool" checked={values.tool === tool} onChange={() => explorer.set({ tool })} />
          {TOOL_NAMES[tool]}
        </label>
      ))}
    </fieldset>
    <div class="zoom">
      <button type="button" aria-label="Zoom in" onClick={() => onZoom(ZOOM)}>
        +
      </button>
      <button type="button" aria-label="Zoom out" onClick={() => onZoom(1 / ZOOM)}>
        −
      </button>
      <button type="button" onClick={onWhole}>
        Whole
      </button>
    </div>
    <p class="note">{hint(values)}</p>
  </div>
);
