import { html, Html, scriptJson } from '../../../lib/report/html';

test('escapes what is put into a template, in text and in attributes', () => {
  const name = `<b>"Tom & 'Jerry'"</b>`;
  expect(html`<p title="${name}">${name}</p>`.toString()).toBe(
    '<p title="&lt;b&gt;&quot;Tom &amp; &#39;Jerry&#39;&quot;&lt;/b&gt;">&lt;b&gt;&quot;Tom &amp; &#39;Jerry&#39;&quot;&lt;/b&gt;</p>',
  );
});

test('leaves templates in templates as they are', () => {
  const items = ['a<', 'b'].map((text) => html`<b>${text}</b>`);
  expect(html`<p>${items}</p>`.toString()).toBe('<p><b>a&lt;</b><b>b</b></p>');
});

test('shows numbers, and nothing where there is nothing', () => {
  expect(html`${0}${null}${undefined}${''}${new Html('<hr>')}`.toString()).toBe('0<hr>');
});

test('JSON for a script element ends no element and breaks no line, and means the same', () => {
  const value = { text: '</script><!-- \u2028 \u2029 & >', list: [1, null, true] };
  const text = scriptJson(value).toString();
  expect(text).not.toMatch(/[<>&\u2028\u2029]/);
  expect(JSON.parse(text)).toEqual(value);
});
