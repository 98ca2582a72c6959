// The libraries as one module, made at build (build/web/vendor.js) and served as /vendor.js: what is not named here
// does not reach the browser.
export { render } from "preact";
export { useEffect, useId, useRef, useState } from "preact/hooks";
export { batch, computed, effect, signal } from "@preact/signals";
export { html } from "htm/preact";
