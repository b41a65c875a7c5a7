import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

export type Read<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'fault'; readonly message: string }
  | { readonly state: 'read'; readonly value: T };

/** What `read` brings for a key; the answer for a key that was left is not taken. */
export const useRead = <T>(key: string, read: () => Promise<T>): Signal<Read<T>> => {
  const answer = useSignal<Read<T>>({ state: 'loading' });
  useEffect(() => {
    let left = false;
    answer.value = { state: 'loading' };
    read().then(
      (value) => {
        if (!left) answer.value = { state: 'read', value };
      },
      (error: unknown) => {
        if (!left) answer.value = { state: 'fault', message: error instanceof Error ? error.message : String(error) };
      },
    );
    return () => {
      left = true;
    };
  }, [key]);
  return answer;
};
