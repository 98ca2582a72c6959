// The renderer of templates, the same language as the server's: plain text with {name} and
// {name, plural, one {..} few {..} many {..} other {..}}; inside a form further {name}s may stand. Pure.

const rules = { ru: new Intl.PluralRules("ru"), en: new Intl.PluralRules("en") };

/** The length of the {..} group at <at>, both braces counted; an unclosed one runs to the end. */
function groupLength(text, at) {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    depth += text[i] === "{" ? 1 : text[i] === "}" ? -1 : 0;
    if (depth === 0) return i + 1 - at;
  }
  return text.length - at;
}

function pluralForm(language, value, forms) {
  const wanted = typeof value === "number" ? rules[language].select(value) : "other";
  let chosen = "";
  for (let at = 0; at < forms.length; ) {
    const brace = forms.indexOf("{", at);
    if (brace < 0) break;
    const size = groupLength(forms, brace);
    const category = forms.slice(at, brace).trim();
    const body = forms.slice(brace + 1, brace + size - 1);
    if (category === wanted) return body;
    if (category === "other") chosen = body;
    at = brace + size;
  }
  return chosen;
}

/**
 * Renders a template. Numbers are written by writeNumber(number), anything else as it is; an unknown name stays as
 * {name}, so that a test finds it.
 */
export function renderPhrase(language, template, params, writeNumber = String) {
  let out = "";
  for (let at = 0; at < template.length; ) {
    const brace = template.indexOf("{", at);
    if (brace < 0) return out + template.slice(at);
    out += template.slice(at, brace);
    const size = groupLength(template, brace);
    const group = template.slice(brace, brace + size);
    const match = /^\{([a-z_]+)(?:, plural,([^]*))?\}$/.exec(group);
    if (!match || !(match[1] in params)) {
      out += group;
    } else if (match[2] !== undefined) {
      out += renderPhrase(language, pluralForm(language, params[match[1]], match[2]), params, writeNumber);
    } else {
      const value = params[match[1]];
      out += typeof value === "number" ? writeNumber(value) : value;
    }
    at = brace + size;
  }
  return out;
}
