/* This very view for others: a link, the phone's own way of sharing, a QR code, a frame for another page. */
import { element } from "../lib/dom.js";
import { copyButton } from "../lib/places.js";

export function openShare({ map, config, body }) {
  const { messages } = config;
  const link = field("share-link", messages.share_link, "input");
  const code = field("share-code", messages.share_embed, "textarea");
  const picture = element("img", { className: "share__code", width: 164, height: 164, alt: messages.share_qr });
  const fill = () => {
    const here = new URL(window.location.href);
    link.input.value = here.href;
    const path = here.pathname + here.search + here.hash;
    picture.src = `${config.qr}?${new URLSearchParams({ to: path })}`;
    const frame = new URL(config.embed + here.search + here.hash, here);
    code.input.value = `<iframe src="${frame.href.replaceAll("&", "&amp;")}" title="${document.title.replaceAll('"', "")}" width="720" height="540" loading="lazy"></iframe>`;
  };
  // The address follows the map a moment later.
  const later = () => setTimeout(fill, 400);
  const own = navigator.share ? [element("button", { type: "button", className: "button button--main", textContent: messages.share_own, onclick: () => navigator.share({ title: document.title, url: window.location.href }).catch(() => {}) })] : [];
  body.append(
    ...link.parts,
    element("p", { className: "tool__buttons" }, ...own, copyButton(() => link.input.value, messages, messages.copy_link)),
    element("figure", {}, picture, element("figcaption", { className: "soft", textContent: messages.share_qr })),
    ...code.parts,
    element("p", { className: "tool__buttons" }, copyButton(() => code.input.value, messages, messages.copy_code)),
  );
  fill();
  map.on("moveend", later);
  return () => map.off("moveend", later);
}

function field(id, label, tag) {
  const input = element(tag, { id, readOnly: true, onfocus: () => input.select() });
  return { input, parts: [element("label", { htmlFor: id, textContent: label }), input] };
}
