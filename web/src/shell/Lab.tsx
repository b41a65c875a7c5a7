import { useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentType } from 'preact';
import { address } from './address.js';
import { pages } from './pages.js';

type Shown = { readonly of: string } & ({ readonly page: ComponentType } | { readonly fault: string });

/** The frame of every page: where one is, where one can go, and the page itself. */
export const Lab = () => {
  const shown = useSignal<Shown | undefined>(undefined);
  const entry = pages.find(({ path }) => path === address.value.page) ?? pages[0]!;
  const path = useSignal(entry.path);
  path.value = entry.path;

  useSignalEffect(() => {
    const { load, name } = pages.find((page) => page.path === path.value)!;
    let left = false;
    shown.value = undefined;
    document.title = `${name} · zdist lab`;
    load().then(
      (module) => {
        if (!left) shown.value = { of: path.value, page: module.default };
      },
      (error: unknown) => {
        if (!left) shown.value = { of: path.value, fault: error instanceof Error ? error.message : String(error) };
      },
    );
    return () => {
      left = true;
    };
  });

  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the page
      </button>
      <header class="bar">
        <a class="brand" href="#/">
          zdist
        </a>
        <nav aria-label="Pages">
          {pages
            .filter(({ within }) => within === undefined)
            .map((page) => (
              <a
                key={page.path}
                href={`#/${page.path}`}
                aria-current={page.path === (entry.within ?? entry.path) ? 'page' : undefined}
              >
                {page.name}
              </a>
            ))}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {/* A page never meets the address of another. */}
        <Content shown={shown.value?.of === entry.path ? shown.value : undefined} />
      </main>
    </>
  );
};

const Content = ({ shown }: { shown: Shown | undefined }) => {
  if (shown === undefined) return <p class="waiting">Loading…</p>;
  if ('page' in shown) {
    const Page = shown.page;
    return <Page />;
  }
  return (
    <p class="fault" role="alert">
      This page could not be loaded: {shown.fault}. Is the server still running? Then load the page again.
    </p>
  );
};
