/** Files of a message: pictures shown, others as a card to download. */

import { h } from "./dom.js";
import { local } from "./elements.js";
import { icon } from "./icons.js";

/** Return the files of a message. */
export function files(message) {
  if (!message.files?.length) return null;
  return h("div", { class: "files" }, message.files.map(one));
}

function one(file) {
  const address = local(file.preview_url ?? file.url_private);
  const name = file.title || file.name || "file";
  const isPicture = file.mimetype?.startsWith("image/") && address;
  const foot = h(
    "span",
    { class: "file-size" },
    [file.pretty_type ?? file.filetype?.toUpperCase(), sizeOf(file.size)].filter(Boolean).join(" · "),
  );
  if (isPicture) {
    return h(
      "figure",
      { class: "file-picture", key: file.id },
      h("figcaption", null, name, " ", foot),
      h(
        "a",
        { href: address, target: "_blank", rel: "noopener" },
        h("img", { class: "picture", src: address, alt: file.alt_txt || name, loading: "lazy" }),
      ),
    );
  }
  return h(
    "a",
    { class: "file-card", key: file.id, href: address, download: file.name },
    icon("file"),
    h("span", { class: "file-words" }, h("bdi", null, name), foot),
  );
}

function sizeOf(bytes) {
  if (!bytes) return "";
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
