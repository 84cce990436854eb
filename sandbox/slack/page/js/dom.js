/**
 * A small virtual DOM. `h` describes an element, `mount` makes the real children of a node match a description.
 *
 * Nodes are kept wherever key and tag are the same, and with them focus, typed text and scroll position. Text reaches the
 * page as text nodes and attributes only, never as markup; addresses are let through by scheme.
 */

const SAFE_ADDRESS = /^(https?:\/\/|mailto:|tel:|#|\/(?!\/)|data:image\/(png|gif|jpeg|webp|svg\+xml);)/i;
const DIRECTION_CONTROLS = /[\u202A-\u202E\u2066-\u2069]/g;
const AS_PROPERTY = new Set(["value", "checked", "indeterminate", "scrollTop"]);

/** Return a description of an element. Falsy children leave a gap, so that their neighbours keep their place. */
export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, key: props?.key, children: flat(children) };
}

/** Return a description that is worked out again only when `stamp` differs from the last time. */
export function lazy(key, stamp, describe) {
  return { tag: "#lazy", key, stamp, describe };
}

/** Make the children of `parent` match the descriptions. */
export function mount(parent, ...children) {
  reconcile(parent, flat(children));
}

/** Return the address when its scheme is harmless, else null. */
export function safeAddress(address) {
  const trimmed = String(address ?? "").replace(/[\u0000-\u0020]+/g, "");
  return SAFE_ADDRESS.test(trimmed) ? trimmed : null;
}

/** Return the text without the characters that override reading direction for what follows. */
export function plainDirection(text) {
  return String(text).replace(DIRECTION_CONTROLS, "");
}

function flat(children) {
  return children.flat(Infinity).map((child) => {
    if (child === null || child === undefined || child === false || child === true) return { tag: "#gap" };
    return typeof child === "object" ? child : { tag: "#text", text: plainDirection(child) };
  });
}

function reconcile(parent, next) {
  const old = parent.__kids ?? [];
  const byKey = new Map(old.filter((kid) => kid.key !== undefined).map((kid) => [identity(kid), kid]));
  const kept = new Set();
  next.forEach((vnode, index) => {
    const twin = vnode.key === undefined ? old[index] : byKey.get(identity(vnode));
    if (twin && !kept.has(twin) && twin.key === vnode.key && twin.tag === vnode.tag) {
      kept.add(twin);
      revise(twin, vnode, parent);
    } else {
      create(vnode, parent);
    }
  });
  for (const kid of old) if (!kept.has(kid) && kid.node) kid.node.remove();
  arrange(parent, next);
  parent.__kids = next;
}

function identity(vnode) {
  return `${vnode.tag} ${vnode.key}`;
}

function arrange(parent, vnodes) {
  let cursor = parent.firstChild;
  for (const { node } of vnodes) {
    if (!node) continue;
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}

function create(vnode, parent) {
  if (vnode.tag === "#gap") return;
  if (vnode.tag === "#text") {
    vnode.node = document.createTextNode(vnode.text);
    return;
  }
  if (vnode.tag === "#lazy") {
    vnode.real = vnode.describe();
    create(vnode.real, parent);
    vnode.node = vnode.real.node;
    return;
  }
  const svg = vnode.tag === "svg" || parent.namespaceURI?.endsWith("svg");
  vnode.node = svg
    ? document.createElementNS("http://www.w3.org/2000/svg", vnode.tag)
    : document.createElement(vnode.tag);
  reconcile(vnode.node, vnode.children);
  dress(vnode.node, {}, vnode.props);
  vnode.props.created?.(vnode.node);
}

function revise(was, vnode, parent) {
  vnode.node = was.node;
  if (vnode.tag === "#gap") return;
  if (vnode.tag === "#text") {
    if (was.text !== vnode.text) vnode.node.data = vnode.text;
  } else if (vnode.tag === "#lazy") {
    reviseLazy(was, vnode, parent);
  } else {
    reconcile(vnode.node, vnode.children);
    dress(vnode.node, was.props, vnode.props);
  }
}

function reviseLazy(was, vnode, parent) {
  vnode.real = was.stamp === vnode.stamp ? was.real : vnode.describe();
  if (vnode.real === was.real) return;
  if (vnode.real.tag === was.real.tag && vnode.real.key === was.real.key) {
    revise(was.real, vnode.real, parent);
  } else {
    create(vnode.real, parent);
    was.node.replaceWith(vnode.real.node);
  }
  vnode.node = vnode.real.node;
}

function dress(node, was, props) {
  for (const name of Object.keys(was)) if (!(name in props)) setProp(node, name, null, was[name]);
  for (const [name, value] of Object.entries(props)) if (was[name] !== value) setProp(node, name, value, was[name]);
}

function setProp(node, name, value, before) {
  if (name === "key" || name === "created") return;
  if (name.startsWith("on")) listen(node, name.slice(2), value);
  else if (name === "style") style(node, value ?? {}, before ?? {});
  else if (AS_PROPERTY.has(name)) node[name] = value ?? (name === "value" ? "" : false);
  else if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if ((name === "href" || name === "src") && safeAddress(value) === null) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : plainDirection(value));
}

function listen(node, type, handler) {
  node.__on ??= {};
  if (!(type in node.__on)) node.addEventListener(type, (event) => node.__on[type]?.(event));
  node.__on[type] = handler;
}

function style(node, value, before) {
  for (const name of Object.keys(before)) if (!(name in value)) node.style.removeProperty(name);
  for (const [name, setting] of Object.entries(value)) node.style.setProperty(name, setting);
}
