import { useEffect } from 'preact/hooks';
import { ChartFigure } from '../../figures/ChartFigure.js';
import { ImageRow } from '../../figures/ImageRow.js';
import { useWidth } from '../../figures/useWidth.js';
import { SHOWN, type TabData } from '../../training/messages.js';
import { runArticle } from './article.js';
import { CodesFigure } from './CodesFigure.js';
import { Controls, Pace } from './Controls.js';
import { curvesOf, curveTable, type Quantity } from './curves.js';
import { Sources } from './Sources.js';
import { saveModels } from './saveModels.js';
import * as session from './session.js';
import { configOf, state, type TrainValues } from './state.js';

const CURVES: readonly (readonly [Quantity, string, string])[] = [
  ['momentKlDraws', 'How close do the codes come to N(0, I)?', 'KL of draws, nats'],
  ['rate', 'How much does z say about its image?', 'rate, nats'],
  ['score', 'How well does the decoder explain images?', 'score, nats'],
];

const dataOf = ({ images, seed }: TrainValues): TabData => {
  const files = session.files.value;
  if (files.length > 0) return { kind: 'files', files };
  return { kind: 'glyphs', train: images, test: Math.max(600, images / 6), seed };
};

const TrainPage = () => {
  const values = state.read();
  const config = configOf(values);
  const phase = session.phase.value;
  const running = phase === 'playing' || phase === 'paused' || phase === 'drawing';
  const [box, width] = useWidth<HTMLDivElement>();
  useEffect(() => () => session.stop(), []);

  const play = (): void => {
    if (phase === 'playing') session.setPace({ playing: false, stepsAtOnce: values.pace });
    else if (phase === 'paused') session.setPace({ playing: true, stepsAtOnce: values.pace });
    else void session.start(config, dataOf(values), values.device, { playing: true, stepsAtOnce: values.pace });
  };
  const single = (): void => {
    if (phase === 'paused') session.step();
    else if (!running) void session.start(config, dataOf(values), values.device, { playing: false, stepsAtOnce: 1 });
  };

  const plane = Math.min(width, 460);
  const picture = session.picture.value;
  const { latents } = picture ? session.size.value : config;
  const last = latents - 1;
  const [across, up] = [Math.min(values.across, last), Math.min(values.up, last)];
  const { width: imageWidth, height: imageHeight } = session.size.value;
  const rows = { width: imageWidth, height: imageHeight, count: SHOWN, columns: 8 };
  const chart = width > 900 ? Math.floor((width - 64) / 3) : width;

  return (
    <div class="page" ref={box}>
      <h1>Watch z while a model learns</h1>
      <p class="lead">
        The model trains here, in this tab, by the same steps as in Node.js; nothing is sent anywhere. Rings: N(0, I).
        Dots: where the encoder puts test images.
      </p>
      <div class="trainer">
        <form class="controls" onSubmit={(event) => event.preventDefault()}>
          <div class="buttons">
            <button
              type="button"
              class="play"
              aria-pressed={phase === 'playing'}
              disabled={phase === 'drawing'}
              onClick={play}
            >
              {phase === 'playing' ? 'Pause' : phase === 'paused' ? 'Go on' : 'Train'}
            </button>
            <button type="button" disabled={phase === 'playing' || phase === 'drawing'} onClick={single}>
              One step
            </button>
            <button type="button" disabled={phase !== 'playing' && phase !== 'paused'} onClick={session.end}>
              Finish
            </button>
            <button type="button" disabled={!running} onClick={session.stop}>
              Start over
            </button>
          </div>
          <Pace
            pace={values.pace}
            onPace={(pace) => {
              state.set({ pace });
              session.setPace({ playing: phase === 'playing', stepsAtOnce: pace });
            }}
          />
          <Sources images={values.images} locked={running} />
          <Controls values={values} locked={running} />
          <button type="button" disabled={running} onClick={() => void runArticle(values, dataOf(values))}>
            Run the four experiments of the article
          </button>
        </form>
        <div>{width > 0 && <CodesFigure size={plane} across={across} up={up} latents={latents} />}</div>
        <div class="grids">
          <ImageRow label="Test images" images={picture?.data} {...rows} />
          <ImageRow label="From their codes" images={picture?.posterior} {...rows} />
          <ImageRow label="From N(0, I), with the same noise" images={picture?.prior} {...rows} />
          {session.models.value && (
            <p class="downloads">
              Save{' '}
              <button type="button" onClick={() => saveModels(session.models.value!)}>
                encoder.onnx and decoder.onnx
              </button>{' '}
              <button
                type="button"
                onClick={() => {
                  session.saved.value = session.models.value;
                }}
              >
                Begin with them next time
              </button>
            </p>
          )}
        </div>
      </div>
      {width > 0 && session.trained.value.length > 0 && (
        <div class="three">
          {CURVES.map(([quantity, title, y]) => (
            <ChartFigure
              key={quantity}
              title={title}
              name={quantity}
              table={curveTable(session.trained.value)}
              caption={captionOf(quantity)}
              chart={{ width: chart, x: 'step', y, ...curvesOf(session.trained.value, quantity) }}
            />
          ))}
        </div>
      )}
    </div>
  );
};

const captionOf = (quantity: Quantity): string => {
  const told = session.trained.value.flatMap(({ name, curve }) => {
    const point = curve.at(-1)?.[quantity];
    return point ? [`${name} ${point.value.toPrecision(3)} ± ${(1.96 * point.se).toPrecision(2)}`] : [];
  });
  return told.length > 0 ? `After the last measurement, 95%: ${told.join('; ')}.` : 'Nothing measured yet.';
};

export default TrainPage;
