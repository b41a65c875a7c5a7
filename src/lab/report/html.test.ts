import { expect, test } from 'vitest';
import { dataUri, html, textUri, trusted } from './html.js';

test('html escapes strings in text and in quoted attributes', () => {
  const bad = `<script>"a" & 'b'</script>`;
  expect(html`<p title="${bad}">${bad}</p>`.text).toBe(
    '<p title="&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;">' +
      '&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;</p>',
  );
});

test('html joins arrays, nests without escaping twice, and leaves nothing for absent children', () => {
  const items = ['a<', 'b'].map((item) => html`<li>${item}</li>`);
  expect(html`<ul>${items}</ul>${undefined}${null}${false}${0}`.text).toBe('<ul><li>a&lt;</li><li>b</li></ul>0');
});

test('trusted text is left as it is', () => {
  expect(html`${trusted('<b>x</b>')}`.text).toBe('<b>x</b>');
});

test('dataUri carries bytes and text', () => {
  expect(dataUri('text/csv', 'σ')).toBe('data:text/csv;base64,z4M=');
  expect(dataUri('image/png', Uint8Array.of(1, 2, 3))).toBe('data:image/png;base64,AQID');
});

test('textUri carries text that no address would', () => {
  const text = 'a,"b #1"\n50% σ\n';
  const uri = textUri('text/csv', text);
  expect(uri).toMatch(/^data:text\/csv;charset=utf-8,[\x20-\x7e]*$/);
  expect(uri).not.toMatch(/[#"\n]/);
  expect(decodeURIComponent(uri.slice(uri.indexOf('8,') + 2))).toBe(text);
});
