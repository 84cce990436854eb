/** The menu beside the composer: the app's global shortcuts, sharing a file, starting a command. */

import { attempt } from "./deeds.js";
import { openMenu } from "./popup.js";
import { state } from "./state.js";

/** Open the menu of the composer: the app's global shortcuts, a file, a command. */
export function openShortcuts(anchor) {
  const offered = (state.screen.shortcuts ?? []).filter((one) => one.type === "global");
  openMenu(anchor, "Shortcuts", () => [
    { heading: offered.length ? "Shortcuts" : "This app has no shortcuts" },
    ...offered.map((one) => ({
      label: one.name,
      hint: one.description,
      icon: "bolt",
      pick: () => attempt("shortcut", { callback_id: one.callback_id }),
    })),
    { divider: true },
    { label: "Share a file", icon: "file", pick: chooseFile },
    { label: "Write a slash command", hint: "Or type / in the composer", icon: "right", pick: startCommand },
  ]);
}

function chooseFile() {
  const channel = state.place.channel;
  const field = document.createElement("input");
  field.type = "file";
  field.addEventListener("change", () => field.files[0] && share(channel, field.files[0]));
  field.click();
}

function share(channel, file) {
  const reader = new FileReader();
  reader.addEventListener("load", () =>
    attempt("share_file", { channel_id: channel, name: file.name, content: String(reader.result).split(",")[1] ?? "" }),
  );
  reader.readAsDataURL(file);
}

function startCommand() {
  const field = document.getElementById("composer");
  field.value = "/";
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
