import { useMemo, useRef, useState } from 'preact/hooks';
import { Figure } from '../../figures/Figure.js';
import { useWidth } from '../../figures/useWidth.js';
import { AtPoint } from './AtPoint.js';
import { axesOffered, byRate } from './axes.js';
import { Controls } from './Controls.js';
import { Draws } from './Draws.js';
import type { Place } from './geometry.js';
import { Legend } from './Legend.js';
import { Between, Traverse } from './Paths.js';
import { PlaneView } from './PlaneView.js';
import { classPalette, valuePalette } from './palette.js';
import { planeCaption } from './planeCaption.js';
import { Sliders } from './Sliders.js';
import type { Opened } from './session.js';
import { explorer } from './state.js';
import { Tools } from './Tools.js';
import { pointsTable } from './tables.js';
import { usePick } from './usePick.js';
import { axesOf, usePlane } from './usePlane.js';
import { usePoint } from './usePoint.js';
import { useResting } from './useResting.js';

/** Draws the points into the picture that is saved. */
const withPoints = (canvas: HTMLCanvasElement | null) => (): (() => void) => {
  const svg = canvas!.parentElement!.querySelector<SVGSVGElement>(':scope > svg')!;
  const image = document.createElementNS('http://www.w3.org/2000/svg', 'image');
  for (const side of ['width', 'height']) image.setAttribute(side, svg.getAttribute(side)!);
  image.setAttribute('href', canvas!.toDataURL());
  svg.querySelector('.ground')!.after(image);
  return () => image.remove();
};

export const Explorer = ({ opened }: { readonly opened: Opened }) => {
  const values = explorer.read();
  const { n, latents, dimensionRate, active } = opened;
  const order = useMemo(() => byRate(dimensionRate), [dimensionRate]);
  const [box, width] = useWidth<HTMLDivElement>();
  const [point, move] = useResting(values, ['u', 'v']);
  const [shown, show] = useResting(values, ['x', 'y', 'reach']);
  const toDimensions = (): void => explorer.set({ view: 'dimensions' });
  const { plane, shaded, task, fault, colouring } = usePlane(opened, values, order, toDimensions);
  const [webgl, setWebgl] = useState(true);
  const points = useRef<HTMLCanvasElement | null>(null);
  const pointer = usePoint(opened, plane, { ...point, rest: values.rest, fixed: values.fixed });
  const { ends, marks, pick } = usePick(opened, values, plane);

  const offered = axesOffered(values.view, dimensionRate, plane?.explained);
  const axes = axesOf(values, order);
  const short = (axis: number): string => offered.find((each) => each.axis === axis)?.short ?? '';
  const names = values.view === 'umap' ? (['UMAP 1', 'UMAP 2'] as const) : ([short(axes[0]), short(axes[1])] as const);
  const height = Math.round(Math.min(600, Math.max(300, width * 0.78)));
  const reach = shown.reach > 0 ? shown.reach : (plane?.reach ?? 1);
  const seen = { x: shown.x, y: shown.y, unit: Math.min(width, height) / (2 * reach), width, height };
  const zoomTo = ({ x, y, zoom }: { x: number; y: number; zoom: number }): void =>
    show({ x, y, reach: zoom === 1 ? shown.reach : reach / zoom });
  const palette = useMemo(() => (colouring === 'label' ? classPalette() : valuePalette()), [colouring]);
  const choose = (place: Place): void => {
    if (values.tool === 'pick') void pick(place);
    else explorer.set({ ...place, held: values.held === 'yes' ? 'no' : 'yes' });
  };

  return (
    <>
      <h1>{opened.title}</h1>
      <p class="lead">
        {n.toLocaleString('en')} codes in {latents} {latents === 1 ? 'dimension' : 'dimensions'}, {active} of them
        active (variance of μ above 0.01), rate {dimensionRate.reduce((sum, rate) => sum + rate, 0).toFixed(2)} nats.{' '}
        {active === 0 && 'Collapsed: every code is about the same, and z says nothing about its image. '}
        <a href="#/explorer">Choose another</a>
      </p>
      <Controls opened={opened} values={values} axes={axes} offered={offered} colouring={colouring} />
      <div class="exploring">
        <div class="plane-side" ref={box}>
          <Tools
            values={values}
            onZoom={(zoom) => zoomTo({ x: seen.x, y: seen.y, zoom })}
            onWhole={() => show({ x: 0, y: 0, reach: 0 })}
          />
          {fault !== '' && (
            <p class="fault" role="alert">
              {fault}
            </p>
          )}
          {task && (
            <p class="task" role="status">
              <progress value={task.share} /> {task.what}: {Math.round(100 * task.share)}%{' '}
              {task.cancel && (
                <button type="button" onClick={task.cancel}>
                  Cancel
                </button>
              )}
            </p>
          )}
          {!plane && !task && fault === '' && <p class="waiting">Laying out the codes…</p>}
          {plane && width > 0 && (
            <Figure
              title={plane.axes ? 'Do the codes fill the prior?' : 'Which codes lie near one another?'}
              name="codes"
              table={() => pointsTable(plane, shaded, names)}
              complete={withPoints(points.current)}
              caption={
                webgl ? (
                  planeCaption(plane, shaded, n, values)
                ) : (
                  <span class="fault">
                    Codes are drawn by WebGL 2, which this browser has not, or has switched off.
                  </span>
                )
              }
            >
              <PlaneView
                window={seen}
                plane={plane}
                shaded={shaded}
                palette={palette}
                tool={values.tool}
                held={values.held === 'yes'}
                point={point}
                marks={marks}
                axes={names}
                onPoint={move}
                onChoose={choose}
                onWindow={zoomTo}
                onWithoutWebgl={() => setWebgl(false)}
                pointsCanvas={(canvas) => {
                  points.current = canvas;
                }}
              />
              <Legend
                colouring={colouring}
                shaded={shaded}
                holes={plane.holes !== undefined}
                classes={opened.classes}
              />
            </Figure>
          )}
        </div>
        <div class="point-side">
          <AtPoint opened={opened} point={pointer} />
          {plane?.axes && (
            <Sliders
              values={values}
              offered={offered.filter(({ axis }) => !axes.includes(axis))}
              coordinates={pointer.at?.coordinates}
            />
          )}
        </div>
      </div>
      {opened.decoder && (
        <div class="pair">
          <Between opened={opened} values={values} ends={ends} />
          <Traverse opened={opened} values={values} at={pointer.at} offered={offered} />
        </div>
      )}
      {opened.decoder && <Draws opened={opened} values={values} />}
    </>
  );
};
