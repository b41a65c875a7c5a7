import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { saveCanvas, saveCsv, savePng, saveSvg, type Table } from './save.js';

export interface FigureProps {
  /** A question; the caption answers it. */
  readonly title: string;
  /** Of files: letters and dashes. */
  readonly name: string;
  readonly caption: ComponentChildren;
  readonly table: () => Table;
  /** What is saved as SVG where the picture is a canvas. */
  readonly vector?: () => SVGSVGElement;
  /** Brings into the SVG what the page shows beside it, before it is saved; returns how to take that out again. */
  readonly complete?: () => () => void;
  readonly children: ComponentChildren;
}

/** A picture with its question, its answer, and the files it can be had as: SVG or canvas, whichever it is drawn on. */
export const Figure = ({ title, name, caption, table, vector, complete, children }: FigureProps) => {
  const box = useRef<HTMLElement>(null);
  const svg = (): SVGSVGElement | null => box.current!.querySelector<SVGSVGElement>(':scope > .picture > svg');
  const save = async (): Promise<void> => {
    const drawn = svg();
    const restore = complete?.();
    if (drawn) await savePng(name, drawn);
    else await saveCanvas(name, box.current!.querySelector('canvas')!);
    restore?.();
  };
  const saveVector = (): void => {
    const restore = complete?.();
    const made = vector?.();
    // The looks of the page are known of what is on it alone.
    if (made) box.current!.append(made);
    saveSvg(name, made ?? svg()!);
    made?.remove();
    restore?.();
  };
  return (
    <figure ref={box} class={vector ? 'drawn' : undefined}>
      <h2>{title}</h2>
      <div class="picture">{children}</div>
      <figcaption>
        <p>{caption}</p>
        <p class="downloads">
          Save as{' '}
          <button type="button" onClick={() => void save()}>
            PNG
          </button>{' '}
          <button type="button" class="vector" onClick={saveVector}>
            SVG
          </button>{' '}
          <button type="button" onClick={() => saveCsv(name, table())}>
            CSV
          </button>
        </p>
      </figcaption>
    </figure>
  );
};
