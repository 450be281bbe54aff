// The page in a frame of a notebook, and the link that the two tell each other: docs/embedding.md says how a page is spoken to.

function render({ model, el }) {
  const frame = document.createElement("iframe");
  const address = model.get("_address");
  const { origin } = new URL(address);
  // What the frame shows, as far as is known here; and whether its page has started, before which it hears nothing.
  let shown = model.get("link");
  let isAwake = false;

  const send = () => {
    const link = model.get("link");
    if (!isAwake || link === shown) return;
    shown = link;
    frame.contentWindow.postMessage({ glasses: link }, origin);
  };
  const hear = (event) => {
    const link = event.data?.glasses;
    if (event.source !== frame.contentWindow || event.origin !== origin || typeof link !== "string") return;
    const isLate = !isAwake && model.get("link") !== shown;
    isAwake = true;
    shown = link;
    // What was set before the page had started is what it is to show.
    if (isLate) return send();
    if (model.get("link") === link) return;
    model.set("link", link);
    model.save_changes();
  };
  const resize = () => {
    frame.height = model.get("height");
  };

  frame.title = "Glasses";
  frame.width = "100%";
  frame.style.border = "0";
  frame.allow = "clipboard-write; fullscreen";
  resize();
  frame.src = `${address}#${shown}`;
  el.append(frame);
  window.addEventListener("message", hear);
  model.on("change:link", send);
  model.on("change:height", resize);
  return () => {
    window.removeEventListener("message", hear);
    model.off("change:link", send);
    model.off("change:height", resize);
  };
}

export default { render };
