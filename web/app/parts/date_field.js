// A day, by the browser's own field. A day half typed (the year 0202) is outside the bounds and goes nowhere.

import { html } from "/vendor.js";

/**
 * @param {{value: string, min: string, max: string, onValue: (day: string) => void, label?: string, id?: string,
 *   disabled?: boolean}} props  label: the accessible name where no <label> is tied to the id
 */
export function DateField({ value, min, max, onValue, label, id, disabled }) {
  const onChange = (event) => {
    const day = event.target.value;
    if (day && day >= min && day <= max && day !== value) onValue(day);
  };
  // Leaving the field with what cannot be shows again what counts.
  const onBlur = (event) => {
    if (event.target.value !== value) event.target.value = value;
  };
  return html`<input class="date-input" type="date" id=${id} aria-label=${label} value=${value} min=${min} max=${max}
    required disabled=${disabled} onInput=${onChange} onBlur=${onBlur} />`;
}
