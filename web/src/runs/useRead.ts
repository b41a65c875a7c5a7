import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

export type Read<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'fault'; readonly message: string }
  | { readonly state: 'read'; readonly value: T };

/** What `read` brings for a key; the answer for a key that was left is not taken. */
export const useRead = <T>(key: string, read: () => Promise<T>): Read<T> => {
  const answer = useSignal<{ readonly of: string; readonly read: Read<T> } | undefined>(undefined);
  useEffect(() => {
    let left = false;
    read().then(
      (value) => {
        if (!left) answer.value = { of: key, read: { state: 'read', value } };
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        if (!left) answer.value = { of: key, read: { state: 'fault', message } };
      },
    );
    return () => {
      left = true;
    };
  }, [key]);
  return answer.value?.of === key ? answer.value.read : { state: 'loading' };
};
