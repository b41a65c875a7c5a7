import { useEffect } from 'preact/hooks';
import '../../style/explorer.css';
import { Chooser } from './Chooser.js';
import { Explorer } from './Explorer.js';
import { leave, openRun, phase } from './session.js';
import { explorer, LOCAL } from './state.js';

const ExplorerPage = () => {
  const { run, seed } = explorer.read();
  useEffect(() => {
    if (run === LOCAL) return;
    if (run === '') leave();
    else void openRun(run, seed);
  }, [run, seed]);
  useEffect(() => leave, []);
  return (
    <div class="page explorer">
      <Content run={run} />
    </div>
  );
};

const Content = ({ run }: { readonly run: string }) => {
  const shown = phase.value;
  switch (shown.name) {
    case 'loading':
      return <p class="waiting">Opening {shown.what}…</p>;
    case 'open':
      return <Explorer key={shown.opened.title} opened={shown.opened} />;
    case 'fault':
      return (
        <>
          <h1>This cannot be explored</h1>
          <p class="fault" role="alert">
            {shown.message}
          </p>
          <p class="note">
            {shown.hint} <a href="#/explorer">Choose another</a>
          </p>
        </>
      );
    default:
      // Files of a device are gone once the page is left: there is nothing to open again.
      return run === '' || run === LOCAL ? (
        <Chooser onOpen={() => explorer.set({ run: LOCAL })} />
      ) : (
        <p class="waiting">Opening the run…</p>
      );
  }
};

export default ExplorerPage;
