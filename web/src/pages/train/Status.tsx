import * as session from './session.js';

/** What the training does now, in a line. */
export const Status = () => {
  const { value } = session.progress;
  const given = session.files.value.length > 0;
  switch (session.phase.value) {
    case 'empty':
      return given ? (
        <>Press Train: your files are read, then the model learns.</>
      ) : (
        <>Press Train: glyphs are drawn first, then the model learns.</>
      );
    case 'drawing':
      return given ? <>Reading your files</> : <>Drawing glyphs: {Math.round(100 * session.share.value)}%</>;
    case 'fault':
      return (
        <span class="fault" role="alert">
          The training ended: {session.message.value}
        </span>
      );
    default: {
      const [train, test] = session.size.value.images;
      const on = `${session.runtime.value}; ${train} images, ${test} held out.`;
      return value ? (
        <>
          Step {value.step} of {value.steps}, {value.msPerStep.toFixed(1)} ms a step, loss {value.loss.toPrecision(4)}{' '}
          nats per image. {on}
        </>
      ) : (
        <>Ready: {on}</>
      );
    }
  }
};
