//! The few lines of script that a page begins with: they load the wasm and wake the islands.

use crate::page::Frame;
use leptos::prelude::*;

// What leptos writes for islands (its hydration/island_script.js), for our hashed names, base path and nonce.
// Islands are woken in document order; the children of an island belong to the owner of the island around them.
// What the server has rendered is painted first; a page in the background paints nothing and does not wait for it.
//
// Where a file does not come (a proxy that does not pass it on, a portal that was upgraded meanwhile), or a piece fails, the
// page stays as the server has made it and says so.
const WAKE: &str = "const around=[];\
const stale=()=>document.getElementById('stale')?.removeAttribute('hidden');\
addEventListener('unhandledrejection',stale);\
addEventListener('error',event=>{if(event.error instanceof WebAssembly.RuntimeError)stale()});\
async function walk(node){\
const island=node.localName==='leptos-island',inner=node.localName==='leptos-children';\
if(island){const wake=mod[node.dataset.component];if(wake){around.at(-1)?.();await wake(node)}}\
if(inner)around.push(node.$$on_hydrate);\
for(const child of [...node.children])await walk(child);\
if(inner)around.pop()}\
await new Promise(go=>{requestAnimationFrame(()=>setTimeout(go));setTimeout(go,500)});\
let mod;\
try{mod=await import(js);await mod.default({module_or_path:wasm});mod.hydrate();await walk(document.body)}catch(fault){stale();throw fault}";

/// Preloads and the module, for the head. Nothing where the build has no wasm.
pub(crate) fn tags(frame: &Frame) -> Option<impl IntoView + use<>> {
    let a = &frame.assets;
    (!a.js.is_empty() && !a.wasm.is_empty()).then(|| {
        let (js, wasm) = (frame.base.link(&a.js), frame.base.link(&a.wasm));
        // Neither a base path nor a file name can hold a quote or a bracket, so they need no escaping here.
        let text = format!("const js=\"{js}\",wasm=\"{wasm}\";{WAKE}");
        let nonce = frame.nonce.clone();
        view! {
            <link rel="modulepreload" href=js nonce=nonce.clone() fetchpriority="low"/>
            <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" fetchpriority="low"/>
            <script type="module" nonce=nonce inner_html=text></script>
        }
    })
}
